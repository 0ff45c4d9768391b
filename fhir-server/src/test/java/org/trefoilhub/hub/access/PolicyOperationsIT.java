package org.trefoilhub.hub.access;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.http.HttpResponse;
import java.util.List;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.HubFixture;

/** {@code $explain-access} and {@code $simulate-access} through the FHIR door of a whole hub. */
@Tag("ACC-12")
class PolicyOperationsIT {

    private static final FhirContext R4 = FhirContext.forR4Cached();

    private static HubFixture hub;
    private static String patient;
    private static String task;

    @BeforeAll
    static void start() {
        hub = HubFixture.onH2();
        Patient somebody = new Patient();
        somebody.addName().setFamily("Explained");
        patient = id(hub.create(somebody));
        Task work = new Task();
        work.setStatus(Task.TaskStatus.REQUESTED).setIntent(Task.TaskIntent.ORDER);
        work.setFor(new Reference("Patient/" + patient));
        task = id(hub.create(work));
    }

    @Test
    void shouldNameTheDecidingProvisionAndEveryDimension() {
        Consent deny = Consents.denied("his", "Task");
        Consents.provision(deny)
                .addData()
                .setMeaning(Consent.ConsentDataMeaning.INSTANCE)
                .setReference(new Reference("Patient/" + patient));
        String rule = id(hub.create(deny));

        Parameters answer = explain("his", null, "Task/" + task, null);
        assertThat(text(answer, "decision")).isEqualTo("deny");
        assertThat(text(answer, "reason")).contains("denied by `" + rule + "#0`");
        ParametersParameterComponent deciding =
                all(answer.getParameter(), "policy").get(0);
        assertThat(((Reference) part(deciding, "reference").getValue()).getReference())
                .isEqualTo("Consent/" + rule);
        assertThat(part(deciding, "provision").getValue().primitiveValue()).isEqualTo("0");
        assertThat(all(deciding.getPart(), "dimension"))
                .extracting(each -> part(each, "code").getValue().primitiveValue() + "="
                        + part(each, "verdict").getValue().primitiveValue())
                .containsExactlyInAnyOrder("data-type=yes", "patient=yes", "system=yes");

        assertThat(text(explain("conformance", null, "Task/" + task, null), "decision"))
                .as("another client")
                .isEqualTo("permit");
        assertThat(text(explain("his", null, "Patient/" + patient, null), "decision"))
                .as("another type")
                .isEqualTo("permit");

        Consent timed = deny.copy();
        timed.setId(rule);
        timed.getProvision().getPeriod().setEndElement(new org.hl7.fhir.r4.model.DateTimeType("2026-01-31"));
        assertThat(hub.send(hub.request("/fhir/Consent/" + rule)
                                .header("Content-Type", "application/fhir+json")
                                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(
                                        R4.newJsonParser().encodeResourceToString(timed))))
                        .statusCode())
                .isEqualTo(200);
        assertThat(text(explain("his", null, "Task/" + task, "2026-01-31T23:59:59+08:00"), "decision"))
                .isEqualTo("deny");
        assertThat(text(explain("his", null, "Task/" + task, "2026-02-01T00:00:00+08:00"), "decision"))
                .isEqualTo("permit");
        hub.send(hub.request("/fhir/Consent/" + rule).DELETE());
    }

    @Test
    void shouldAskForWhatItNeedsAndHideWhatIsNotThere() {
        assertThat(asked("his", null, "Task/999999999", null).statusCode()).isEqualTo(404);
        assertThat(asked("nobody", null, "Task/" + task, null).statusCode()).isEqualTo(400);
        assertThat(asked(null, null, "Task/" + task, null).statusCode()).isEqualTo(400);
    }

    @Test
    void shouldCountWhatADraftWouldShowAndHide() {
        Consent draft = Consents.denied("his", "Task");
        draft.setStatus(Consent.ConsentState.DRAFT);
        Consents.provision(draft)
                .addData()
                .setMeaning(Consent.ConsentDataMeaning.INSTANCE)
                .setReference(new Reference("Patient/" + patient));
        Parameters answer = simulate(draft);
        List<ParametersParameterComponent> clients = all(answer.getParameter(), "client");
        assertThat(clients).hasSize(1);
        assertThat(part(clients.get(0), "name").getValue().primitiveValue()).isEqualTo("his");
        assertThat(part(clients.get(0), "vanish").getValue().primitiveValue()).isEqualTo("1");
        assertThat(part(clients.get(0), "appear").getValue().primitiveValue()).isEqualTo("0");
        assertThat(all(answer.getParameter(), "user")).isEmpty();

        Consent wider = Consents.of(Consent.ConsentProvisionType.PERMIT, 0);
        Consents.actor(wider, "user", "user", "researcher");
        Consents.type(wider, "Task");
        answer = simulate(wider);
        ParametersParameterComponent researcher =
                all(answer.getParameter(), "user").get(0);
        assertThat(part(researcher, "name").getValue().primitiveValue()).isEqualTo("researcher");
        assertThat(Integer.parseInt(part(researcher, "appear").getValue().primitiveValue()))
                .isPositive();
        assertThat(part(all(researcher.getPart(), "type").get(0), "name")
                        .getValue()
                        .primitiveValue())
                .isEqualTo("Task");

        Consents.type(wider, "Taks");
        Parameters question = new Parameters();
        question.addParameter().setName("policy").setResource(wider);
        HttpResponse<String> refused =
                hub.post("/fhir/$simulate-access", R4.newJsonParser().encodeResourceToString(question));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(hub.parse(OperationOutcome.class, refused.body())
                        .getIssueFirstRep()
                        .getDiagnostics())
                .as("what to mend")
                .contains("policy `draft#0` names the unknown resource type `Taks`");
    }

    private static Parameters simulate(Consent draft) {
        Parameters question = new Parameters();
        question.addParameter().setName("policy").setResource(draft);
        HttpResponse<String> answer =
                hub.post("/fhir/$simulate-access", R4.newJsonParser().encodeResourceToString(question));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return hub.parse(Parameters.class, answer.body());
    }

    private static Parameters explain(String client, String user, String resource, String instant) {
        HttpResponse<String> answer = asked(client, user, resource, instant);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return hub.parse(Parameters.class, answer.body());
    }

    private static HttpResponse<String> asked(String client, String user, String resource, String instant) {
        Parameters question = new Parameters();
        if (client != null) {
            question.addParameter("client", new StringType(client));
        }
        if (user != null) {
            question.addParameter("user", new StringType(user));
        }
        question.addParameter("interface", new CodeType("fhir-rest"));
        question.addParameter("action", new CodeType("view"));
        question.addParameter("resource", new Reference(resource));
        if (instant != null) {
            question.addParameter("instant", new InstantType(instant));
        }
        return hub.post("/fhir/$explain-access", R4.newJsonParser().encodeResourceToString(question));
    }

    private static String text(Parameters answer, String name) {
        return all(answer.getParameter(), name).get(0).getValue().primitiveValue();
    }

    private static List<ParametersParameterComponent> all(List<ParametersParameterComponent> parts, String name) {
        return parts.stream().filter(each -> name.equals(each.getName())).toList();
    }

    private static ParametersParameterComponent part(ParametersParameterComponent parent, String name) {
        return all(parent.getPart(), name).get(0);
    }

    private static String id(HttpResponse<String> created) {
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return new IdType(created.headers().firstValue("Location").orElseThrow()).getIdPart();
    }
}
