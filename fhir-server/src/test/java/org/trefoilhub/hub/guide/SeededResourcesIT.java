package org.trefoilhub.hub.guide;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Questionnaire;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.hub.fixture.HubFixture;

/** What the guide ships is written once, and never against the will of those who use it. */
class SeededResourcesIT {

    private final HubFixture hub = HubFixture.onH2();

    @SuppressWarnings("unchecked")
    private final SeededResources seeded = new SeededResources(
            hub.bean(FhirContext.class),
            (IFhirSystemDao<Bundle, Meta>) hub.bean(IFhirSystemDao.class),
            hub.bean(JdbcClient.class),
            new TransactionTemplate(hub.bean(PlatformTransactionManager.class)));

    @Test
    void writesUnderTheShippedIdOncePerEdition() {
        ShippedResource first = questionnaire("seeded-once", "first");

        assertThat(seeded.write(List.of(first))).isEqualTo(1);
        assertThat(seeded.write(List.of(first))).isZero();
        assertThat(title("seeded-once")).isEqualTo("first");

        assertThat(seeded.write(List.of(questionnaire("seeded-once", "second"))))
                .isEqualTo(1);
        assertThat(title("seeded-once")).isEqualTo("second");
        assertThat(read("seeded-once").getMeta().getVersionId()).isEqualTo("2");
    }

    @Test
    void keepsWhatAUserChanged() {
        seeded.write(List.of(questionnaire("seeded-changed", "shipped")));
        HttpResponse<String> answer = hub.send(hub.request("/fhir/Questionnaire/seeded-changed")
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(json("seeded-changed", "edited here"))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

        ShippedResource newer = questionnaire("seeded-changed", "shipped later");
        assertThat(seeded.write(List.of(newer))).isZero();
        assertThat(seeded.write(List.of(newer))).isZero();

        assertThat(title("seeded-changed")).isEqualTo("edited here");
    }

    @Test
    void doesNotBringBackWhatAUserDeleted() {
        seeded.write(List.of(questionnaire("seeded-deleted", "shipped")));
        HttpResponse<String> answer =
                hub.send(hub.request("/fhir/Questionnaire/seeded-deleted").DELETE());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

        assertThat(seeded.write(List.of(questionnaire("seeded-deleted", "shipped"))))
                .isZero();
        assertThat(seeded.write(List.of(questionnaire("seeded-deleted", "shipped later"))))
                .isZero();

        assertThat(hub.get("/fhir/Questionnaire/seeded-deleted").statusCode()).isEqualTo(410);
    }

    @Test
    void aBadResourceKeepsItselfOutAndNoOther() {
        ShippedResource bad = ShippedResource.of(
                "Questionnaire", "seeded-bad", json("another-id", "bad").getBytes(StandardCharsets.UTF_8));

        assertThat(seeded.write(List.of(questionnaire("seeded-good", "good"), bad)))
                .isEqualTo(1);

        assertThat(title("seeded-good")).isEqualTo("good");
        assertThat(hub.get("/fhir/Questionnaire/seeded-bad").statusCode()).isEqualTo(404);
    }

    private String title(String id) {
        return read(id).getTitle();
    }

    private Questionnaire read(String id) {
        HttpResponse<String> answer = hub.get("/fhir/Questionnaire/" + id);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return hub.parse(Questionnaire.class, answer.body());
    }

    private static ShippedResource questionnaire(String id, String title) {
        return ShippedResource.of("Questionnaire", id, json(id, title).getBytes(StandardCharsets.UTF_8));
    }

    private static String json(String id, String title) {
        return """
                {"resourceType": "Questionnaire", "id": "%s", "status": "draft", "title": "%s"}"""
                .formatted(id, title);
    }
}
