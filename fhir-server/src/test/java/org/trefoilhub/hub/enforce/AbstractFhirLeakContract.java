package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.hub.enforce.PolicyHub.client;
import static org.trefoilhub.hub.enforce.PolicyHub.deny;
import static org.trefoilhub.hub.enforce.PolicyHub.permit;

import ca.uhn.fhir.context.RuntimeSearchParam;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceSearchParamComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.hub.fixture.HubFixture;

/**
 * Client {@code his} may do everything but see one patient and read the audit, whose events belong to nobody they name.
 * Every interaction, operation, search parameter and include that the CapabilityStatement declares is walked for every
 * type, so that what is added later is walked too: nothing of the hidden patient leaves, and what is hidden answers as what
 * is absent does, byte for byte and after the same number of statements.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("ACC-13")
@Tag("ACC-14")
@Tag("ACC-15")
abstract class AbstractFhirLeakContract {

    private static final String CLIENT = "his";

    /** An id that nothing has. */
    private static final String ABSENT = "999999999";

    private static final String HIDDEN = "Hidden" + UUID.randomUUID().toString().replace("-", "");
    private static final String VISIBLE =
            "Visible" + UUID.randomUUID().toString().replace("-", "");
    private static final String NOTHING =
            "Zzzzzzz" + UUID.randomUUID().toString().replace("-", "");

    private static final Pattern REFERENCE = Pattern.compile("\\b[A-Z][A-Za-z]+/\\d+\\b");

    /** Headers that differ between any two answers. */
    private static final Set<String> OF_THE_MOMENT = Set.of("date", "content-length", "x-request-id");

    private PolicyHub hub;
    private CapabilityStatement statement;
    private final Map<String, String> hidden = new LinkedHashMap<>();
    private final Map<String, String> visible = new LinkedHashMap<>();
    private final Set<String> hiddenReferences = new TreeSet<>();
    private String hiddenPatient;
    private String visiblePatient;
    private String list;
    private String group;
    private final Map<String, Set<String>> nothings = new HashMap<>();
    private final List<String> leaks = new ArrayList<>();

    private record Ask(String method, String path, @Nullable Resource body) {}

    abstract HubFixture database();

    /** Called when the walk is over. */
    void leave(HubFixture walked) {}

    // ---- the world

    @BeforeAll
    void store() {
        hub = new PolicyHub(database());
        hub.set();
        statement = hub.get("conformance", "/metadata").as(CapabilityStatement.class);
        hiddenPatient = hub.create(AnyResource.patient(HIDDEN));
        Patient linked = AnyResource.patient(HIDDEN);
        linked.addLink().setType(Patient.LinkType.SEEALSO).setOther(new Reference(hiddenPatient));
        hiddenReferences.add(hub.create(linked));
        visiblePatient = hub.create(AnyResource.patient(VISIBLE));
        fill(hidden, hiddenPatient, HIDDEN);
        fill(visible, visiblePatient, VISIBLE);
        hiddenReferences.addAll(hidden.values());
        assertThat(hidden).as("types that name a patient").hasSizeGreaterThan(50);
        ListResource shared = listOf(hidden.get("Observation"));
        shared.getEntryFirstRep().getItem().setDisplay(HIDDEN);
        shared.addEntry().setItem(new Reference(visible.get("Observation")));
        list = hub.create(shared);
        Group both = new Group();
        both.setType(Group.GroupType.PERSON).setActual(true).setQuantity(2);
        both.addMember().setEntity(new Reference(hiddenPatient).setDisplay(HIDDEN));
        both.addMember().setEntity(new Reference(visiblePatient));
        group = hub.create(both);
        hide();
    }

    private void hide() {
        hub.set(
                permit(CLIENT, 0, client(CLIENT)),
                deny("audit", 200, client(CLIENT), new Condition.DataType(Set.of("AuditEvent"))),
                deny("hide", 200, client(CLIENT), new Condition.Patient(Set.of(hiddenPatient))));
    }

    @AfterAll
    void restore() {
        hub.close();
        leave(hub.hub);
    }

    private void fill(Map<String, String> made, String patient, String mark) {
        made.put("Patient", patient);
        AnyResource.Anchors first = new AnyResource.Anchors(patient, "", "", "");
        for (String type : List.of("Observation", "Device", "Schedule")) {
            made.put(type, hub.create(AnyResource.of(type, mark, first)));
        }
        AnyResource.Anchors anchors = anchors(made);
        for (CapabilityStatementRestResourceComponent type : types()) {
            boolean append = type.getType().equals("AuditEvent");
            if (!made.containsKey(type.getType()) && !append && has(type, TypeRestfulInteraction.CREATE)) {
                Resource resource = AnyResource.of(type.getType(), mark, anchors);
                if (resource != null) {
                    made.put(type.getType(), hub.create(resource));
                }
            }
        }
    }

    private static AnyResource.Anchors anchors(Map<String, String> made) {
        return new AnyResource.Anchors(
                made.get("Patient"), made.get("Observation"), made.get("Device"), made.get("Schedule"));
    }

    private List<CapabilityStatementRestResourceComponent> types() {
        return statement.getRestFirstRep().getResource();
    }

    private static boolean has(CapabilityStatementRestResourceComponent type, TypeRestfulInteraction interaction) {
        return type.getInteraction().stream().anyMatch(each -> each.getCode() == interaction);
    }

    private static String id(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
    }

    private static String absent(String reference) {
        return reference.substring(0, reference.indexOf('/') + 1) + ABSENT;
    }

    // ---- what must never be seen

    private PolicyHub.Answer watched(String path) {
        return watched(new Ask("GET", path, null));
    }

    private PolicyHub.Answer watched(Ask ask, String... headers) {
        PolicyHub.Answer answer = hub.send(ask.method(), CLIENT, ask.path(), ask.body(), headers);
        String what = ask.method() + " " + ask.path();
        if (answer.status() >= 500) {
            leaks.add(what + ": " + answer.status() + " " + answer.body());
        }
        watch(what, withoutEcho(answer.body()));
        answer.headers().forEach((name, values) -> watch(what + ", header " + name, String.join(" ", values)));
        return answer;
    }

    private void watch(String what, String text) {
        if (text.contains(HIDDEN)) {
            leaks.add(what + ": the mark: " + around(text, text.indexOf(HIDDEN)));
        }
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
            if (hiddenReferences.contains(reference.group())) {
                leaks.add(what + ": " + reference.group() + ": " + around(text, reference.start()));
                return;
            }
        }
    }

    /** The answer without the links in which a search repeats what was asked. */
    private static String withoutEcho(String body) {
        return body.replaceAll("\"link\":\\[\\{\"relation\".*?\\}\\]", "");
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 160), Math.min(text.length(), at + 120));
    }

    /** Asks for something hidden and something absent: status, headers, body and number of statements are equal. */
    private void same(Ask one, Ask other) {
        long difference = 0;
        // What the hub and its search remember of a first question is no difference between the two.
        for (int i = 0; i < 6 && (i == 0 || difference != 0); i++) {
            long start = hub.hub.statements();
            PolicyHub.Answer hiddenAnswer = watched(one);
            long middle = hub.hub.statements();
            PolicyHub.Answer absentAnswer = watched(other);
            difference = middle - start - (hub.hub.statements() - middle);
            if (i == 0) {
                equal(one.method() + " " + one.path(), hiddenAnswer, absentAnswer);
            }
        }
        if (difference != 0) {
            leaks.add(one.method() + " " + one.path() + ": " + difference + " statements more than when absent");
        }
    }

    private void sameGet(String hiddenPath, String absentPath) {
        same(new Ask("GET", hiddenPath, null), new Ask("GET", absentPath, null));
    }

    private void equal(String what, PolicyHub.Answer one, PolicyHub.Answer other) {
        if (!all(one).equals(all(other))) {
            leaks.add(what + ": " + shown(one) + " but when absent " + shown(other));
        }
    }

    private String all(PolicyHub.Answer answer) {
        return answer.status() + " " + headers(answer) + " " + normal(answer.body());
    }

    private String shown(PolicyHub.Answer answer) {
        String text = all(answer);
        return text.substring(0, Math.min(900, text.length()));
    }

    private Map<String, String> headers(PolicyHub.Answer answer) {
        Map<String, String> kept = new TreeMap<>();
        answer.headers().forEach((name, values) -> {
            if (!OF_THE_MOMENT.contains(name.toLowerCase(Locale.ROOT))) {
                kept.put(name, name.equalsIgnoreCase("last-modified") ? "a time" : normal(String.join(",", values)));
            }
        });
        return kept;
    }

    /** The text without what was asked for and what differs between any two answers. */
    private String normal(String text) {
        String marked =
                withoutEcho(text).replace(ABSENT, "ID").replace(NOTHING, "MARK").replace(HIDDEN, "MARK");
        return REFERENCE
                .matcher(marked)
                .replaceAll(found -> hiddenReferences.contains(found.group())
                        ? found.group().replaceAll("\\d+", "ID")
                        : found.group())
                .replaceAll("\"(lastUpdated|timestamp)\":\"[^\"]*\"", "")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID");
    }

    @AfterEach
    void forget() {
        leaks.clear();
    }

    private void noLeak() {
        List<String> found = List.copyOf(leaks);
        leaks.clear();
        assertThat(found).isEmpty();
    }

    // ---- the walk

    @TestFactory
    Stream<DynamicTest> shouldLeaveNoTraceInAnyInteraction() {
        return types().stream()
                .map(type -> DynamicTest.dynamicTest(type.getType(), () -> {
                    walkInstance(type);
                    walkSearches(type);
                    noLeak();
                }));
    }

    private void walkInstance(CapabilityStatementRestResourceComponent type) {
        String of = type.getType();
        String target = hidden.get(of);
        if (target == null) {
            return;
        }
        String absent = absent(target);
        for (String query : List.of("", "?_summary=text", "?_elements=id", "/_history", "/_history/1")) {
            sameGet("/" + target + query, "/" + absent + query);
        }
        equal(
                target + " if changed",
                watched(new Ask("GET", "/" + target, null), "If-None-Match", "W/\"1\""),
                watched(new Ask("GET", "/" + absent, null), "If-None-Match", "W/\"1\""));
        watched("/" + of + "/_history");
        if (has(type, TypeRestfulInteraction.UPDATE)) {
            same(replacement(of, target), replacement(of, absent));
        }
        if (has(type, TypeRestfulInteraction.PATCH)) {
            same(new Ask("PATCH", "/" + target, patch(of)), new Ask("PATCH", "/" + absent, patch(of)));
        }
        if (has(type, TypeRestfulInteraction.DELETE)) {
            same(new Ask("DELETE", "/" + target, null), new Ask("DELETE", "/" + absent, null));
        }
        Set<String> operations = type.getOperation().stream()
                .map(operation -> operation.getName().replace("$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        // Off, and to stay off for what is hidden too.
        operations.addAll(Set.of("expunge", "graphql", "diff"));
        for (String operation : operations) {
            sameGet("/" + target + "/$" + operation, "/" + absent + "/$" + operation);
            same(
                    new Ask("POST", "/" + target + "/$" + operation, input(operation)),
                    new Ask("POST", "/" + absent + "/$" + operation, input(operation)));
            watched("/" + of + "/$" + operation + "?_id=" + id(target));
        }
        sameGet("/" + hiddenPatient + "/" + of, "/Patient/" + ABSENT + "/" + of);
    }

    private Ask replacement(String type, String target) {
        Resource resource =
                type.equals("Patient") ? AnyResource.patient(VISIBLE) : AnyResource.of(type, VISIBLE, anchors(visible));
        return new Ask("PUT", "/" + target, resource.setId(id(target)));
    }

    private static Parameters patch(String type) {
        Parameters patch = new Parameters();
        Parameters.ParametersParameterComponent operation = patch.addParameter().setName("operation");
        operation.addPart().setName("type").setValue(new CodeType("add"));
        operation.addPart().setName("path").setValue(new StringType(type));
        operation.addPart().setName("name").setValue(new StringType("language"));
        operation.addPart().setName("value").setValue(new CodeType("zh"));
        return patch;
    }

    private static Parameters input(String operation) {
        Parameters input = new Parameters();
        if (operation.startsWith("meta-")) {
            Meta meta = new Meta();
            meta.addTag().setSystem(AnyResource.SYSTEM).setCode("tag");
            input.addParameter().setName("meta").setValue(meta);
        }
        return input;
    }

    private void walkSearches(CapabilityStatementRestResourceComponent type) {
        String of = type.getType();
        if (!has(type, TypeRestfulInteraction.SEARCHTYPE)) {
            return;
        }
        boolean about = hidden.containsKey(of) || of.equals("List") || of.equals("Group");
        if (about) {
            totals(of);
            for (String word : List.of("_content", "_text")) {
                findsNothing("/" + of + "?" + word + "=", HIDDEN, NOTHING);
            }
            watched("/" + of + "?_filter=_id%20eq%20" + id(hidden.getOrDefault(of, "/" + ABSENT)));
            sorts(type);
        }
        for (CapabilityStatementRestResourceSearchParamComponent parameter : type.getSearchParam()) {
            if (parameter.getType() == SearchParamType.REFERENCE) {
                reference(of, parameter.getName());
            } else if (about) {
                value(of, parameter);
            }
        }
        watched("/" + of + "?_count=200&_include:iterate=*&_revinclude:iterate=*");
        includes(of, "_include", type.getSearchInclude());
        includes(of, "_revinclude", type.getSearchRevInclude());
    }

    /** What was counted before, less what is hidden, in every way of counting. */
    private void totals(String of) {
        hub.set(permit(CLIENT, 0, client(CLIENT)));
        int before = hub.search(CLIENT, of + "?_summary=count").total();
        hide();
        long less = of.equals("Subscription")
                // It is seen by the client that made it, or by those who see everything.
                ? before
                : hiddenReferences.stream()
                        .filter(each -> each.startsWith(of + "/"))
                        .count();
        for (String query : List.of(
                "?_summary=count",
                "?_count=0",
                "?_count=200&_total=accurate",
                "?_count=1&_total=accurate&_summary=text",
                "?_count=200&_elements=id,identifier",
                "?_count=200&_sort=-_lastUpdated")) {
            PolicyHub.Answer answer = watched("/" + of + query);
            if (answer.status() != 200) {
                leaks.add(of + query + ": " + answer.status() + " " + answer.body());
                continue;
            }
            Bundle found = PolicyHub.R4.newJsonParser().parseResource(Bundle.class, answer.body());
            if (found.hasTotal() && found.getTotal() != before - less) {
                leaks.add(of + query + ": total " + found.getTotal() + " instead of " + (before - less));
            }
        }
    }

    /** All by which a type is sorted, several to a request. */
    private void sorts(CapabilityStatementRestResourceComponent type) {
        List<String> names = type.getSearchParam().stream()
                .filter(parameter -> parameter.getType() != SearchParamType.COMPOSITE
                        && parameter.getType() != SearchParamType.SPECIAL)
                .map(CapabilityStatementRestResourceSearchParamComponent::getName)
                .filter(name -> !name.startsWith("_"))
                .toList();
        for (int i = 0; i < names.size(); i += 4) {
            watched("/" + type.getType() + "?_count=200&_sort="
                    + String.join(",", names.subList(i, Math.min(i + 4, names.size()))));
        }
    }

    /** Each include, several to a request. */
    private void includes(String of, String parameter, List<StringType> values) {
        for (int i = 0; i < values.size(); i += 25) {
            watched("/" + of + "?_count=200"
                    + values.subList(i, Math.min(i + 25, values.size())).stream()
                            .map(PrimitiveType::getValue)
                            .map(value -> "&" + parameter + "=" + value)
                            .collect(Collectors.joining()));
        }
    }

    /** Searches by, through and from a reference to something hidden. */
    private void reference(String of, String name) {
        RuntimeSearchParam known = PolicyHub.R4.getResourceDefinition(of).getSearchParam(name);
        Set<String> targets = known == null || !known.hasTargets() ? Set.of("Patient") : known.getTargets();
        String to = targets.contains("Patient")
                ? "Patient"
                : targets.stream()
                        .filter(hidden::containsKey)
                        .sorted()
                        .findFirst()
                        .orElse(null);
        if (to == null) {
            return;
        }
        String path = "/" + of + "?" + name;
        sameGet(path + "=" + hidden.get(to), path + "=" + to + "/" + ABSENT);
        findsNothing(path + "=", id(hidden.get(to)), ABSENT);
        findsNothing(path + ":identifier=", HIDDEN, NOTHING);
        findsNothing(path + ":" + to + "._id=", id(hidden.get(to)), ABSENT);
        findsNothing(path + ":" + to + ".identifier=", HIDDEN, NOTHING);
        String has = "/" + to + "?_has:" + of + ":" + name + ":";
        if (hidden.containsKey(of)) {
            findsNothing(has + "_id=", id(hidden.get(of)), ABSENT);
            findsNothing(has + "identifier=", HIDDEN, NOTHING);
        }
    }

    private void value(String of, CapabilityStatementRestResourceSearchParamComponent parameter) {
        String path = "/" + of + "?" + parameter.getName();
        switch (parameter.getType()) {
            case TOKEN -> {
                if (parameter.getName().equals("_id")) {
                    String target = hidden.getOrDefault(of, "/" + ABSENT);
                    sameGet(path + "=" + id(target), path + "=" + ABSENT);
                }
                findsNothing(path + "=", HIDDEN, NOTHING);
            }
            case STRING -> findsNothing(path + ":contains=", HIDDEN, NOTHING);
            case DATE -> watched(path + "=gt1900-01-01&_count=200");
            case NUMBER, QUANTITY -> watched(path + "=gt0&_count=200");
            case URI -> findsNothing(path + "=", HIDDEN, NOTHING);
            case SPECIAL -> watched(path + "=1.0%7C1.0%7C10%7Ckm&_count=200");
            default -> watched(path + "=1$1&_count=200");
        }
    }

    /** The answer is one that a search for what nothing has gets too; that is asked when it was not heard before. */
    private void findsNothing(String path, String hiddenValue, String absentValue) {
        Set<String> nothing = nothings.computeIfAbsent(
                path.substring(0, path.indexOf('?')),
                type -> new HashSet<>(Set.of(all(watched(type + "?_id=" + ABSENT)))));
        PolicyHub.Answer found = watched(path + hiddenValue);
        if (!nothing.contains(all(found))) {
            PolicyHub.Answer absent = watched(path + absentValue);
            equal(path + hiddenValue, found, absent);
            nothing.add(all(absent));
        }
    }

    @Test
    void shouldLeaveNoTraceInInteractionsOfTheWhole() {
        for (CapabilityStatement.CapabilityStatementRestResourceOperationComponent operation :
                statement.getRestFirstRep().getOperation()) {
            watched("/$" + operation.getName().replace("$", ""));
        }
        watched("/_history");
        watched("?_type=Patient,Observation");
        watched("?_content=" + HIDDEN);
        watched("/$graphql?query=%7BPatientList%7Bid%7D%7D");
        noLeak();
    }

    @Test
    void shouldShowSharedResourcesWithoutTheHidden() {
        ListResource seen = watched("/" + list).as(ListResource.class);
        assertThat(seen.getEntry()).hasSize(1);
        assertThat(seen.getEntryFirstRep().getItem().getReference()).isEqualTo(visible.get("Observation"));
        assertThat(seen.getMeta().getTag()).extracting("code").containsExactly("SUBSETTED");
        Group members = watched("/" + group).as(Group.class);
        assertThat(members.getMember()).hasSize(1);
        assertThat(members.hasQuantity()).isFalse();
        assertThat(hub.get("conformance", "/" + group).as(Group.class).getMember())
                .hasSize(2);
        for (String shared : List.of(list, group)) {
            watched("/" + shared + "/_history");
            watched("/" + shared + "/_history/1");
            watched("/" + shared + "?_summary=text");
        }
        // What was seen in part is not written back.
        members.getMeta().getTag().clear();
        assertThat(watched(new Ask("PUT", "/" + group, members)).status()).isEqualTo(403);
        noLeak();
    }

    @Test
    void shouldTakeReferencesToTheHiddenForAbsent() {
        for (String target : List.of(hiddenPatient, hidden.get("Observation"), hidden.get("Encounter"))) {
            String absent = absent(target);
            same(new Ask("POST", "/List", listOf(target)), new Ask("POST", "/List", listOf(absent)));
            same(new Ask("POST", "/Observation", about(target)), new Ask("POST", "/Observation", about(absent)));
            for (Bundle.BundleType type : List.of(Bundle.BundleType.BATCH, Bundle.BundleType.TRANSACTION)) {
                same(bundle(type, "POST", "Observation", target), bundle(type, "POST", "Observation", absent));
                same(bundle(type, "PUT", target, visiblePatient), bundle(type, "PUT", absent, visiblePatient));
                same(bundle(type, "DELETE", target, null), bundle(type, "DELETE", absent, null));
                same(bundle(type, "GET", target, null), bundle(type, "GET", absent, null));
                String search = "Observation?focus=";
                same(bundle(type, "GET", search + target, null), bundle(type, "GET", search + absent, null));
            }
        }
        assertThat(version(hiddenPatient)).isEqualTo("1");
        assertThat(hub.search("conformance", "AuditEvent?subtype=update&entity=" + hiddenPatient)
                        .total())
                .as("the audit names what a part of a batch asked for")
                .isPositive();
        noLeak();
    }

    /** What somebody may change without seeing it is changed, also in a bundle, and not shown. */
    @Test
    void shouldStoreWhatIsChangedUnseen() {
        String unseen = hub.create(AnyResource.patient(HIDDEN));
        hub.set(permit(CLIENT, 0, client(CLIENT), new Condition.Actions(Set.of(Action.SAVE, Action.MODIFY))));
        PolicyHub.Answer answer = watched(bundle(Bundle.BundleType.TRANSACTION, "PUT", unseen, visiblePatient));
        hide();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain(VISIBLE);
        assertThat(version(unseen)).isEqualTo("2");
        noLeak();
    }

    private String version(String reference) {
        return hub.get("conformance", "/" + reference)
                .as(Patient.class)
                .getMeta()
                .getVersionId();
    }

    private static ListResource listOf(String target) {
        ListResource made = new ListResource();
        made.setStatus(ListResource.ListStatus.CURRENT).setMode(ListResource.ListMode.WORKING);
        made.addEntry().setItem(new Reference(target));
        return made;
    }

    private Observation about(String target) {
        Observation made = new Observation();
        made.setStatus(Observation.ObservationStatus.FINAL).setSubject(new Reference(visiblePatient));
        made.getCode().setText("probe");
        made.addFocus(new Reference(target));
        return made;
    }

    private Ask bundle(Bundle.BundleType type, String method, String url, @Nullable String target) {
        Bundle bundle = new Bundle().setType(type);
        Bundle.BundleEntryComponent entry = bundle.addEntry();
        entry.getRequest().setMethod(Bundle.HTTPVerb.fromCode(method)).setUrl(url);
        if (target != null && method.equals("PUT")) {
            String of = url.substring(0, url.indexOf('/'));
            entry.setResource(replacement(of, url).body());
        } else if (target != null) {
            entry.setResource(about(target));
        }
        return new Ask("POST", "", bundle);
    }

    /**
     * A condition that matches something hidden fails as one that matches several does, or it would be created a second
     * time; where nothing would be created it finds nothing.
     */
    @Test
    void shouldKeepConditionsFromFinding() {
        String query = "identifier=" + AnyResource.SYSTEM + "%7C";
        assertThat(watched(new Ask("POST", "/Patient", AnyResource.patient(VISIBLE)), "If-None-Exist", query + HIDDEN)
                        .status())
                .isEqualTo(412);
        assertThat(watched(new Ask("PUT", "/Patient?" + query + HIDDEN, AnyResource.patient(VISIBLE)))
                        .status())
                .isEqualTo(412);
        for (Ask ask : List.of(
                new Ask("DELETE", "/Observation?" + query, null),
                new Ask("PATCH", "/Observation?" + query, patch("Observation")))) {
            // The answer repeats the condition that was sent, nothing else.
            PolicyHub.Answer one = hub.send(ask.method(), CLIENT, ask.path() + HIDDEN, ask.body());
            PolicyHub.Answer other = hub.send(ask.method(), CLIENT, ask.path() + NOTHING, ask.body());
            equal(ask.method() + " " + ask.path(), one, other);
        }
        for (String mark : List.of(HIDDEN, NOTHING)) {
            Observation conditional = about(visiblePatient);
            conditional.setSubject(new Reference("Patient?identifier=" + AnyResource.SYSTEM + "|" + mark));
            assertThat(watched(new Ask("POST", "/Observation", conditional)).status())
                    .isEqualTo(403);
        }
        assertThat(hub.get("conformance", "/" + hidden.get("Observation")).status())
                .isEqualTo(200);
        noLeak();
    }

    /** Pages of somebody else's search are looked at with one's own eyes, and one's own once more when policies change. */
    @Test
    void shouldLookAtEachPageWithTodaysEyes() {
        Bundle foreign =
                hub.get("conformance", "/Observation?_count=1&_sort=_id").as(Bundle.class);
        assertThat(watched(allOf(foreign)).status()).isIn(200, 403, 404, 410);
        hub.set(permit(CLIENT, 0, client(CLIENT)));
        Bundle own = hub.get(CLIENT, "/Observation?_count=1&_sort=_id").as(Bundle.class);
        hide();
        assertThat(watched(allOf(own)).status()).isIn(200, 403, 404, 410);
        noLeak();
    }

    private static String allOf(Bundle first) {
        String next = first.getLink("next").getUrl();
        return next.substring(next.indexOf('?')).replaceAll("_count=\\d+", "_count=500");
    }
}
