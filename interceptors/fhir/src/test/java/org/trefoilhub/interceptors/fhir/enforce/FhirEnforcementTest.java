package org.trefoilhub.interceptors.fhir.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.HashMapResourceProvider;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletConfig;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** A real HAPI servlet with providers in memory, asked through the servlet interface. */
class FhirEnforcementTest {

    private static final FhirContext R4 = FhirContext.forR4Cached();

    private final CurrentPolicies policies = new CurrentPolicies();
    private RestfulServer server;
    private FhirEnforcement enforcement;

    @BeforeEach
    void start() throws Exception {
        server = new RestfulServer(R4);
        server.setDefaultResponseEncoding(EncodingEnum.JSON);
        HashMapResourceProvider<Patient> patients = new HashMapResourceProvider<>(R4, Patient.class);
        HashMapResourceProvider<Observation> observations = new HashMapResourceProvider<>(R4, Observation.class);
        server.setResourceProviders(patients, observations);
        server.init(new MockServletConfig());
        patients.store((Patient) new Patient().setId("p"));
        Observation observation = new Observation();
        observation.setId("o");
        observation.setSubject(new Reference(new IdType("Patient/p")));
        observations.store(observation);
        enforcement = FhirEnforcement.register(
                server,
                server.getInterceptorService(),
                policies,
                new Subjects(),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                new Facts(),
                references -> List.of(),
                "http://localhost/fhir",
                ClientOwned.NONE,
                null);
        policies.replace(PolicySet.compile(
                1,
                List.of(
                        permit("all", "all", null, null),
                        permit("view", "viewer", Set.of("Patient"), Set.of(Action.VIEW)),
                        permit("write", "writer", Set.of("Patient"), Set.of(Action.SAVE, Action.MODIFY)),
                        permit("view-write", "writer", Set.of("Observation"), Set.of(Action.VIEW))),
                Vocabulary.hospital(R4.getResourceTypes()),
                PolicyOptions.DEFAULT));
    }

    @Test
    void shouldDenyEverythingBeforePoliciesAreLoaded() throws Exception {
        policies.replace(PolicySet.denyAll(0));
        assertThat(get("all", "/Patient/p").getStatus()).isEqualTo(403);
        assertThat(get("all", "/Patient").getStatus()).isEqualTo(403);
    }

    @Test
    void shouldAnswer401WithoutIdentity() throws Exception {
        MockHttpServletResponse response = get(null, "/Patient/p");
        assertThat(response.getStatus()).isEqualTo(401);
        assertThat(response.getHeader("WWW-Authenticate")).isNotBlank();
        assertThat(code(response)).isEqualTo("TREFOIL-ACC-0004");
    }

    @Test
    void shouldShowMetadataToEverybody() throws Exception {
        assertThat(get(null, "/metadata").getStatus()).isEqualTo(200);
    }

    @Test
    void shouldLetAPermittedReadAndSearchThrough() throws Exception {
        assertThat(get("viewer", "/Patient/p").getStatus()).isEqualTo(200);
        assertThat(found(get("viewer", "/Patient"))).isEqualTo(1);
        assertThat(get("viewer", "/Patient/p/_history").getStatus()).isEqualTo(200);
        assertThat(enforcement.drift()).isZero();
    }

    @Test
    void shouldRefuseOtherTypesWith403() throws Exception {
        MockHttpServletResponse response = get("viewer", "/Observation/o");
        assertThat(response.getStatus()).isEqualTo(403);
        assertThat(code(response)).isEqualTo("TREFOIL-ACC-0001");
        MockHttpServletResponse search = get("viewer", "/Observation");
        assertThat(search.getStatus()).isEqualTo(403);
        assertThat(code(search)).isEqualTo("TREFOIL-ACC-0002");
    }

    @Test
    void shouldAnswer404WithOurCodeForAbsentResources() throws Exception {
        MockHttpServletResponse response = get("viewer", "/Patient/absent");
        assertThat(response.getStatus()).isEqualTo(404);
        assertThat(code(response)).isEqualTo("TREFOIL-FHR-0404");
    }

    @Test
    void shouldCountANewPolicyOnTheNextRequest() throws Exception {
        assertThat(get("viewer", "/Patient/p").getStatus()).isEqualTo(200);
        policies.replace(PolicySet.denyAll(2));
        assertThat(get("viewer", "/Patient/p").getStatus()).isEqualTo(403);
    }

    @Test
    void shouldTellWritingFromReading() throws Exception {
        assertThat(send("POST", "writer", "/Patient", new Patient()).getStatus())
                .isEqualTo(201);
        assertThat(get("writer", "/Patient/p").getStatus()).isEqualTo(403);
        assertThat(send("POST", "viewer", "/Patient", new Patient()).getStatus())
                .isEqualTo(403);
        assertThat(send("DELETE", "writer", "/Patient/p", null).getStatus()).isEqualTo(403);
        assertThat(send("PUT", "writer", "/Patient/p", (Patient) new Patient().setId("p"))
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    void shouldNotLetAConditionFindOutWhatASearchMayNot() throws Exception {
        MockHttpServletRequest request = request("POST", "writer", "/Patient");
        request.addHeader("If-None-Exist", "Patient?_id=p");
        body(request, new Patient());
        assertThat(answer(request).getStatus()).isEqualTo(403);
    }

    @Test
    void shouldNotLetAChainReachATypeThatIsHidden() throws Exception {
        assertThat(get("writer", "/Observation").getStatus()).isEqualTo(200);
        assertThat(get("writer", "/Observation?subject:Patient.name=x").getStatus())
                .isEqualTo(403);
        assertThat(get("writer", "/Observation?patient.name=x").getStatus()).isEqualTo(403);
        assertThat(get("viewer", "/Patient?_has:Observation:subject:code=x").getStatus())
                .isEqualTo(403);
        assertThat(get("viewer", "/Patient?_revinclude=Observation:subject").getStatus())
                .isEqualTo(403);
    }

    @Test
    void shouldRefuseReadingWithAScopeThatOnlySearches() throws Exception {
        assertThat(get("viewer!system/Patient.s", "/Patient/p").getStatus()).isEqualTo(403);
        assertThat(found(get("viewer!system/Patient.s", "/Patient"))).isEqualTo(1);
        assertThat(get("viewer!system/Patient.r", "/Patient").getStatus()).isEqualTo(403);
        assertThat(get("viewer!system/Patient.r", "/Patient/p").getStatus()).isEqualTo(200);
        assertThat(get("viewer!patient/Patient.rs", "/Patient/p").getStatus()).isEqualTo(403);
        assertThat(enforcement.drift()).isZero();
    }

    private static String code(MockHttpServletResponse response) throws Exception {
        OperationOutcome outcome =
                R4.newJsonParser().parseResource(OperationOutcome.class, response.getContentAsString());
        return outcome.getIssueFirstRep().getDetails().getCoding().stream()
                .filter(coding -> Refusals.ERROR_CODE_SYSTEM.equals(coding.getSystem()))
                .findFirst()
                .orElseThrow()
                .getCode();
    }

    private static int found(MockHttpServletResponse response) throws Exception {
        assertThat(response.getStatus()).isEqualTo(200);
        return R4.newJsonParser()
                .parseResource(Bundle.class, response.getContentAsString())
                .getEntry()
                .size();
    }

    private MockHttpServletResponse get(String client, String path) throws Exception {
        return answer(request("GET", client, path));
    }

    private MockHttpServletResponse send(String method, String client, String path, Patient body) throws Exception {
        MockHttpServletRequest request = request(method, client, path);
        if (body != null) {
            body(request, body);
        }
        return answer(request);
    }

    private static void body(MockHttpServletRequest request, Patient patient) {
        request.setContentType("application/fhir+json");
        request.setContent(R4.newJsonParser().encodeResourceToString(patient).getBytes(StandardCharsets.UTF_8));
    }

    private static MockHttpServletRequest request(String method, String client, String path) {
        int question = path.indexOf('?');
        String bare = question < 0 ? path : path.substring(0, question);
        MockHttpServletRequest request = new MockHttpServletRequest(method, "/fhir" + bare);
        request.setServletPath("/fhir");
        request.setPathInfo(bare);
        if (question >= 0) {
            request.setQueryString(path.substring(question + 1));
            for (String pair : path.substring(question + 1).split("&")) {
                request.addParameter(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        if (client != null) {
            request.setAttribute("client", client);
        }
        return request;
    }

    private MockHttpServletResponse answer(MockHttpServletRequest request) throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        server.service(request, response);
        return response;
    }

    private static AccessPolicy permit(String id, String client, Set<String> types, Set<Action> actions) {
        List<Condition> conditions = new java.util.ArrayList<>(List.of(new Condition.Client(Set.of(client))));
        if (types != null) {
            conditions.add(new Condition.DataType(types));
        }
        if (actions != null) {
            conditions.add(new Condition.Actions(actions));
        }
        return new AccessPolicy(id, AccessPolicy.Effect.PERMIT, 0, conditions, Set.of());
    }

    /** Every resource of the providers is about no patient. */
    private static final class Facts implements FactSource {
        @Override
        public Map<String, ResourceFacts> load(Collection<String> references) {
            return references.stream()
                    .filter(reference -> !reference.endsWith("/absent"))
                    .collect(Collectors.toMap(
                            reference -> reference,
                            reference -> ResourceFacts.complete(
                                    new ResourceKind(reference.substring(0, reference.indexOf('/'))))));
        }

        @Override
        public ResourceFacts preview(Resource resource) {
            return ResourceFacts.complete(new ResourceKind(resource.fhirType()));
        }
    }

    /** Takes the client, and after an exclamation mark its scope, from a request attribute. */
    private static final class Subjects implements SubjectProvider {
        @Override
        public Optional<Subject> of(HttpServletRequest request) {
            return Optional.ofNullable((String) request.getAttribute("client")).flatMap(this::ofClient);
        }

        @Override
        public Optional<Subject> ofClient(String client) {
            int mark = client.indexOf('!');
            Subject device = Subject.device(mark < 0 ? client : client.substring(0, mark), Clearance.N);
            return Optional.of(mark < 0 ? device : device.withScopes(Set.of(client.substring(mark + 1))));
        }
    }
}
