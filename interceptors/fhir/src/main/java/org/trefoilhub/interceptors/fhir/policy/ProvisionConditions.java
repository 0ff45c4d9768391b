package org.trefoilhub.interceptors.fhir.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Enumeration;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.TimeType;
import org.hl7.fhir.r4.model.Timing;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.CareRelation;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.UserMatch;

/**
 * Reads the conditions of one provision. Each element or extension that stands in it is one condition; conditions are
 * joined by AND, repeats of one element or extension by OR.
 *
 * <table>
 * <caption>The dimensions and what carries them</caption>
 * <tr><td>1 source</td><td>policy-source: Coding of {@code sid/source}</td></tr>
 * <tr><td>2 interface</td><td>policy-interface</td></tr>
 * <tr><td>3 data type</td><td>class: resource type or data-type; code: category of the resource</td></tr>
 * <tr><td>4 patient type</td><td>policy-patient-type: v3-ActCode encounter class, patient-type (check-up, discharged,
 * newborn, and the relations own-ward, own-today, attending, treating, examined, other-dept), sid/department (examined by
 * that department); securityLabel: N, R, V, sensitivities</td></tr>
 * <tr><td>5 patient</td><td>data, meaning instance or dependents: Patient, Group</td></tr>
 * <tr><td>6 exam</td><td>data, meaning related: ServiceRequest, ImagingStudy, DiagnosticReport; policy-exam-item: exam
 * item or body site (exam-item), DICOM modality, performing department (sid/department); code: exam-item</td></tr>
 * <tr><td>7 data period</td><td>dataPeriod</td></tr>
 * <tr><td>8 system, 9 user</td><td>actor</td></tr>
 * <tr><td>10 authorisation period</td><td>period, policy-hours</td></tr>
 * <tr><td>beside them</td><td>action, purpose</td></tr>
 * </table>
 */
final class ProvisionConditions {

    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final String ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    private static final String CONSENT_ACTION = "http://terminology.hl7.org/CodeSystem/consentaction";
    private static final String MODALITY = "http://dicom.nema.org/resources/ontology/DCM";

    private static final Set<String> ELEMENTS = Set.of(
            "id",
            "extension",
            "type",
            "period",
            "actor",
            "action",
            "securityLabel",
            "purpose",
            "class",
            "code",
            "dataPeriod",
            "data",
            "provision");

    private static final Pattern PATIENT_REFERENCE = Pattern.compile("Patient/[A-Za-z0-9\\-.]{1,64}");
    private static final Pattern GROUP_REFERENCE = Pattern.compile("Group/[A-Za-z0-9\\-.]{1,64}");
    private static final Pattern TEAM_REFERENCE = Pattern.compile("(Group|CareTeam)/[A-Za-z0-9\\-.]{1,64}");
    private static final Pattern EXAM_REFERENCE =
            Pattern.compile("(ServiceRequest|ImagingStudy|DiagnosticReport)/[A-Za-z0-9\\-.]{1,64}");
    private static final Pattern DIRECTORY_REFERENCE =
            Pattern.compile("(Device|Practitioner|Organization)/[A-Za-z0-9\\-.]{1,64}");

    private static final Map<String, CareRelation> RELATIONS = Map.of(
            "own-ward", CareRelation.OWN_WARD,
            "own-today", CareRelation.OWN_TODAY,
            "attending", CareRelation.ATTENDING,
            "treating", CareRelation.TREATING,
            "examined", CareRelation.EXAMINED,
            "other-dept", CareRelation.OTHER_DEPARTMENT,
            "not-author", CareRelation.NOT_AUTHOR,
            "outside", CareRelation.OUTSIDE);

    /** What the actions of HL7's code system mean here. */
    private static final Map<String, Set<Action>> CONSENT_ACTIONS = Map.of(
            "collect", EnumSet.of(Action.SAVE),
            "access", EnumSet.of(Action.VIEW),
            "use", EnumSet.of(Action.VIEW, Action.PRINT, Action.DOWNLOAD),
            "disclose", EnumSet.of(Action.EXPORT, Action.SHARE),
            "correct", EnumSet.of(Action.MODIFY));

    private static final Map<String, DayOfWeek> DAYS = Map.of(
            "mon", DayOfWeek.MONDAY,
            "tue", DayOfWeek.TUESDAY,
            "wed", DayOfWeek.WEDNESDAY,
            "thu", DayOfWeek.THURSDAY,
            "fri", DayOfWeek.FRIDAY,
            "sat", DayOfWeek.SATURDAY,
            "sun", DayOfWeek.SUNDAY);

    private final ZoneId zone;
    private final PeriodBounds bounds;
    private final ActorDirectory directory;

    ProvisionConditions(ZoneId zone, ActorDirectory directory) {
        this.zone = zone;
        this.bounds = new PeriodBounds(zone);
        this.directory = directory;
    }

    /**
     * The conditions of a provision, without those of its parent.
     *
     * @throws IllegalArgumentException with what is not understood
     */
    List<Condition> of(Consent.ProvisionComponent provision, String where) {
        Understood.children(provision, ELEMENTS, where);
        List<Condition> conditions = new ArrayList<>();
        extensions(provision, where, conditions);
        actors(provision, where, conditions);
        if (provision.hasAction()) {
            conditions.add(new Condition.Actions(actions(provision.getAction(), where)));
        }
        if (provision.hasClass_()) {
            conditions.add(classes(provision.getClass_(), where));
        }
        codes(provision, where, conditions);
        if (provision.hasSecurityLabel()) {
            conditions.add(labels(provision.getSecurityLabel(), where));
        }
        if (provision.hasPurpose()) {
            Set<String> purposes = new HashSet<>();
            for (Coding purpose : provision.getPurpose()) {
                purposes.add(code(purpose, ACT_REASON, where + " purpose"));
            }
            conditions.add(new Condition.Purpose(purposes));
        }
        data(provision, where, conditions);
        if (provision.hasDataPeriod()) {
            Period period = provision.getDataPeriod();
            bounds(period, where + " data period");
            conditions.add(new Condition.DataPeriod(bounds.start(period), bounds.end(period)));
        }
        return conditions;
    }

    private void extensions(Consent.ProvisionComponent provision, String where, List<Condition> conditions) {
        Set<String> sources = new HashSet<>();
        Set<Door> doors = EnumSet.noneOf(Door.class);
        List<CodeableConcept> patientTypes = new ArrayList<>();
        List<CodeableConcept> examItems = new ArrayList<>();
        List<Timing> timings = new ArrayList<>();
        for (Extension extension : provision.getExtension()) {
            switch (String.valueOf(extension.getUrl())) {
                case AccessPolicyMapper.PRIORITY, AccessPolicyMapper.MASK -> {
                    // Belong to the policy, not to a condition.
                }
                case AccessPolicyMapper.SOURCE ->
                    sources.add(code(
                            Understood.value(extension, Coding.class, where + " has a source that is no coding"),
                            AccessPolicyMapper.SOURCE_SYSTEM,
                            where + " source"));
                case AccessPolicyMapper.INTERFACE -> doors.add(door(extension, where));
                case AccessPolicyMapper.PATIENT_TYPE ->
                    patientTypes.add(Understood.value(
                            extension, CodeableConcept.class, where + " has a patient type that is no concept"));
                case AccessPolicyMapper.EXAM_ITEM ->
                    examItems.add(Understood.value(
                            extension, CodeableConcept.class, where + " has an exam item that is no concept"));
                case AccessPolicyMapper.HOURS ->
                    timings.add(Understood.value(extension, Timing.class, where + " has hours that are no timing"));
                default ->
                    throw new IllegalArgumentException(
                            where + " has the unknown extension `" + extension.getUrl() + "`");
            }
        }
        coded(FactKind.SOURCE, sources, conditions);
        if (!doors.isEmpty()) {
            conditions.add(new Condition.Interface(doors));
        }
        if (!patientTypes.isEmpty()) {
            conditions.add(patientTypes(patientTypes, where + " patient type"));
        }
        if (!examItems.isEmpty()) {
            conditions.add(examItems(examItems, where + " exam item"));
        }
        if (provision.hasPeriod() || !timings.isEmpty()) {
            Period period = provision.getPeriod();
            if (provision.hasPeriod()) {
                bounds(period, where + " period");
            }
            Set<Condition.Hours> hours = new HashSet<>();
            for (Timing timing : timings) {
                hours.addAll(hours(timing, where + " hours"));
            }
            conditions.add(new Condition.AuthorisationPeriod(bounds.start(period), bounds.end(period), hours, zone));
        }
    }

    private static Door door(Extension extension, String where) {
        String code =
                String.valueOf(Understood.value(extension, CodeType.class, where + " has an interface that is no code")
                        .getValue());
        return Door.ofCode(code)
                .orElseThrow(() -> new IllegalArgumentException(where + " has the unknown interface `" + code + "`"));
    }

    private Condition patientTypes(List<CodeableConcept> concepts, String where) {
        Set<String> types = new HashSet<>();
        Set<String> examinedBy = new HashSet<>();
        Set<CareRelation> relations = EnumSet.noneOf(CareRelation.class);
        for (CodeableConcept concept : concepts) {
            Coding coding = Understood.coding(concept, where);
            switch (coding.getSystem()) {
                case ACT_CODE -> types.add(coding.getCode());
                case AccessPolicyMapper.DEPARTMENT -> examinedBy.add(coding.getCode());
                case AccessPolicyMapper.PATIENT_TYPE_SYSTEM -> {
                    CareRelation relation = RELATIONS.get(coding.getCode());
                    if (relation == null) {
                        types.add(coding.getCode());
                    } else {
                        relations.add(relation);
                    }
                }
                default -> throw unknownSystem(where);
            }
        }
        List<Condition> alternatives = new ArrayList<>();
        coded(FactKind.PATIENT_TYPE, types, alternatives);
        coded(FactKind.EXAMINED_BY, examinedBy, alternatives);
        if (!relations.isEmpty()) {
            alternatives.add(new Condition.Care(relations, zone));
        }
        return anyOf(alternatives);
    }

    private static Condition examItems(List<CodeableConcept> concepts, String where) {
        Set<String> items = new HashSet<>();
        Set<String> modalities = new HashSet<>();
        Set<String> departments = new HashSet<>();
        for (CodeableConcept concept : concepts) {
            Coding coding = Understood.coding(concept, where);
            Set<String> kind =
                    switch (coding.getSystem()) {
                        case AccessPolicyMapper.EXAM_ITEM_SYSTEM -> items;
                        case MODALITY -> modalities;
                        case AccessPolicyMapper.DEPARTMENT -> departments;
                        default -> throw unknownSystem(where);
                    };
            kind.add(coding.getCode());
        }
        List<Condition> alternatives = new ArrayList<>();
        coded(FactKind.EXAM_ITEM, items, alternatives);
        coded(FactKind.MODALITY, modalities, alternatives);
        coded(FactKind.DEPARTMENT, departments, alternatives);
        return anyOf(alternatives);
    }

    private static Set<Action> actions(List<CodeableConcept> concepts, String where) {
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (CodeableConcept concept : concepts) {
            Coding coding = Understood.coding(concept, where + " action");
            IllegalArgumentException unknown =
                    new IllegalArgumentException(where + " has the unknown action `" + coding.getCode() + "`");
            switch (coding.getSystem()) {
                case AccessPolicyMapper.ACTION_SYSTEM ->
                    actions.add(Action.ofCode(coding.getCode()).orElseThrow(() -> unknown));
                case CONSENT_ACTION -> {
                    Set<Action> meant = CONSENT_ACTIONS.get(coding.getCode());
                    if (meant == null) {
                        throw unknown;
                    }
                    actions.addAll(meant);
                }
                default -> throw unknownSystem(where + " action");
            }
        }
        return actions;
    }

    private static Condition classes(List<Coding> codings, String where) {
        Set<String> types = new HashSet<>();
        Set<String> dataTypes = new HashSet<>();
        for (Coding each : codings) {
            Coding coding = Understood.coding(each, where + " class");
            Set<String> kind =
                    switch (coding.getSystem()) {
                        case AccessPolicyMapper.TYPE_SYSTEM -> types;
                        case AccessPolicyMapper.DATA_TYPE_SYSTEM -> dataTypes;
                        default -> throw unknownSystem(where + " class");
                    };
            kind.add(coding.getCode());
        }
        List<Condition> alternatives = new ArrayList<>();
        if (!types.isEmpty()) {
            alternatives.add(new Condition.DataType(types));
        }
        coded(FactKind.DATA_TYPE, dataTypes, alternatives);
        return anyOf(alternatives);
    }

    private static void codes(Consent.ProvisionComponent provision, String where, List<Condition> conditions) {
        Set<String> items = new HashSet<>();
        Set<String> categories = new HashSet<>();
        for (CodeableConcept concept : provision.getCode()) {
            Coding coding = Understood.coding(concept, where + " code");
            if (AccessPolicyMapper.EXAM_ITEM_SYSTEM.equals(coding.getSystem())) {
                items.add(coding.getCode());
            } else {
                categories.add(coding.getSystem() + "|" + coding.getCode());
            }
        }
        Understood.expect(
                items.isEmpty() || categories.isEmpty(),
                where + " mixes exam items and categories in its codes, which are two dimensions");
        coded(FactKind.EXAM_ITEM, items, conditions);
        coded(FactKind.CATEGORY, categories, conditions);
    }

    private static Condition labels(List<Coding> codings, String where) {
        Set<Clearance> labels = EnumSet.noneOf(Clearance.class);
        Set<String> sensitivities = new HashSet<>();
        for (Coding each : codings) {
            Coding coding = Understood.coding(each, where + " security label");
            switch (coding.getSystem()) {
                case CONFIDENTIALITY ->
                    labels.add(
                            switch (coding.getCode()) {
                                case "N" -> Clearance.N;
                                case "R" -> Clearance.R;
                                case "V" -> Clearance.V;
                                default ->
                                    throw new IllegalArgumentException(
                                            where + " has the unknown label `" + coding.getCode() + "`");
                            });
                case ACT_CODE -> sensitivities.add(coding.getCode());
                default -> throw unknownSystem(where + " security label");
            }
        }
        List<Condition> alternatives = new ArrayList<>();
        if (!labels.isEmpty()) {
            alternatives.add(new Condition.LabelIn(labels));
        }
        coded(FactKind.SENSITIVITY, sensitivities, alternatives);
        return anyOf(alternatives);
    }

    private static void data(Consent.ProvisionComponent provision, String where, List<Condition> conditions) {
        Set<String> patients = new HashSet<>();
        Set<String> groups = new HashSet<>();
        Set<String> exams = new HashSet<>();
        for (Consent.provisionDataComponent data : provision.getData()) {
            Understood.children(data, Set.of("id", "meaning", "reference"), where + " data");
            String reference = literal(data.getReference(), where + " data");
            Consent.ConsentDataMeaning meaning = data.getMeaning();
            if (meaning == Consent.ConsentDataMeaning.RELATED) {
                Understood.expect(
                        EXAM_REFERENCE.matcher(reference).matches(),
                        where + " has related data that is no order, study or report of this hub");
                exams.add(reference);
            } else {
                Understood.expect(
                        meaning == Consent.ConsentDataMeaning.INSTANCE
                                || meaning == Consent.ConsentDataMeaning.DEPENDENTS,
                        where + " has data of a meaning that is not understood");
                if (PATIENT_REFERENCE.matcher(reference).matches()) {
                    patients.add(reference);
                } else {
                    Understood.expect(
                            GROUP_REFERENCE.matcher(reference).matches(),
                            where + " has data that is no patient or group of this hub");
                    groups.add(reference);
                }
            }
        }
        List<Condition> alternatives = new ArrayList<>();
        if (!patients.isEmpty()) {
            alternatives.add(new Condition.Patient(patients));
        }
        coded(FactKind.GROUP, groups, alternatives);
        if (!alternatives.isEmpty()) {
            conditions.add(anyOf(alternatives));
        }
        if (!exams.isEmpty()) {
            conditions.add(new Condition.Exam(exams));
        }
    }

    private void actors(Consent.ProvisionComponent provision, String where, List<Condition> conditions) {
        Set<String> clients = new HashSet<>();
        Set<UserMatch> users = new LinkedHashSet<>();
        for (Consent.provisionActorComponent actor : provision.getActor()) {
            Understood.children(actor, Set.of("id", "role", "reference"), where + " actor");
            Coding role = Understood.coding(actor.getRole(), where + " actor role");
            Understood.expect(
                    AccessPolicyMapper.ACTOR_ROLE_SYSTEM.equals(role.getSystem()),
                    where + " has an actor role of an unknown system");
            switch (role.getCode()) {
                case "system" -> clients.addAll(clients(actor.getReference(), where));
                case "user" -> users.addAll(users(actor.getReference(), where));
                default ->
                    throw new IllegalArgumentException(where + " has the unknown actor role `" + role.getCode() + "`");
            }
        }
        if (!clients.isEmpty()) {
            conditions.add(new Condition.Client(clients));
        }
        if (!users.isEmpty()) {
            conditions.add(new Condition.User(users));
        }
    }

    private Set<String> clients(Reference reference, String where) {
        Set<String> clients = new HashSet<>();
        for (Identifier identifier : identifiers(reference, where)) {
            if (AccessPolicyMapper.CLIENT.equals(identifier.getSystem()) && identifier.hasValue()) {
                clients.add(identifier.getValue());
            }
        }
        Understood.expect(!clients.isEmpty(), where + " has a system actor that is no client");
        return clients;
    }

    private Set<UserMatch> users(Reference reference, String where) {
        if (reference.hasReference()
                && TEAM_REFERENCE.matcher(reference.getReference()).matches()) {
            return Set.of(new UserMatch.InGroup(literal(reference, where + " actor")));
        }
        Set<UserMatch> users = new HashSet<>();
        for (Identifier identifier : identifiers(reference, where)) {
            String value = identifier.getValue();
            if (value == null) {
                continue;
            }
            switch (String.valueOf(identifier.getSystem())) {
                case AccessPolicyMapper.USER -> users.add(new UserMatch.Named(value));
                case AccessPolicyMapper.DEPARTMENT -> users.add(new UserMatch.InDepartment(value));
                case AccessPolicyMapper.ROLE -> {
                    int at = value.indexOf('@');
                    users.add(
                            at < 0
                                    ? new UserMatch.InRole(value)
                                    : new UserMatch.InRoleAt(value.substring(0, at), value.substring(at + 1)));
                }
                default -> {
                    // Other identifiers of a stored person or department say nothing here.
                }
            }
        }
        Understood.expect(!users.isEmpty(), where + " has a user actor of an unknown kind");
        return users;
    }

    /** The identifier of a logical reference, or those of the resource that a literal one names. */
    private List<Identifier> identifiers(Reference reference, String where) {
        if (reference.hasReference()) {
            String literal = literal(reference, where + " actor");
            List<Identifier> known =
                    DIRECTORY_REFERENCE.matcher(literal).matches() ? directory.identifiers(literal) : List.of();
            Understood.expect(!known.isEmpty(), where + " has an actor that nobody knows");
            return known;
        }
        Understood.children(reference, Set.of("id", "type", "identifier", "display"), where + " actor");
        Understood.expect(reference.hasIdentifier(), where + " has an actor without an identifier");
        Identifier identifier = reference.getIdentifier();
        Understood.expect(
                identifier.hasSystem() && identifier.hasValue(), where + " has an actor with half an identifier");
        return List.of(identifier);
    }

    private static String literal(Reference reference, String where) {
        Understood.children(reference, Set.of("id", "type", "reference", "display"), where);
        String literal = reference.getReference();
        Understood.expect(literal != null && !literal.isBlank(), where + " has no literal reference");
        return literal;
    }

    private Set<Condition.Hours> hours(Timing timing, String where) {
        Understood.children(timing, Set.of("id", "repeat"), where);
        Timing.TimingRepeatComponent repeat = timing.getRepeat();
        Understood.children(repeat, Set.of("id", "dayOfWeek", "timeOfDay", "duration", "durationUnit"), where);
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (Enumeration<Timing.DayOfWeek> day : repeat.getDayOfWeek()) {
            days.add(DAYS.get(String.valueOf(day.getCode())));
        }
        Understood.expect(repeat.hasTimeOfDay() == repeat.hasDuration(), where + " name a time without a duration");
        Understood.expect(!days.isEmpty() || repeat.hasTimeOfDay(), where + " name neither a day nor a time");
        if (!repeat.hasTimeOfDay()) {
            return Set.of(new Condition.Hours(days, LocalTime.MIDNIGHT, Duration.ofDays(1)));
        }
        Duration length = duration(repeat, where);
        Set<Condition.Hours> hours = new HashSet<>();
        for (TimeType time : repeat.getTimeOfDay()) {
            try {
                hours.add(new Condition.Hours(days, LocalTime.parse(time.getValue()), length));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(where + " have a time that is no time of day", e);
            }
        }
        return hours;
    }

    private static Duration duration(Timing.TimingRepeatComponent repeat, String where) {
        long seconds =
                switch (repeat.getDurationUnit() == null
                        ? ""
                        : repeat.getDurationUnit().toCode()) {
                    case "s" -> 1;
                    case "min" -> 60;
                    case "h" -> 3_600;
                    case "d" -> 86_400;
                    default ->
                        throw new IllegalArgumentException(where + " have a duration in no unit of s, min, h, d");
                };
        try {
            return Duration.ofSeconds(
                    repeat.getDuration().multiply(BigDecimal.valueOf(seconds)).longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(where + " have a duration that is no whole number of seconds", e);
        }
    }

    private static void bounds(Period period, String where) {
        Understood.children(period, Set.of("id", "start", "end"), where);
        Understood.expect(
                period.getStartElement().hasValue() || period.getEndElement().hasValue(),
                where + " has neither start nor end");
        Understood.expect(
                !period.getStartElement().hasExtension()
                        && !period.getEndElement().hasExtension(),
                where + " has an extension, which is not understood");
    }

    private static String code(Coding coding, String system, String where) {
        Understood.coding(coding, where);
        Understood.expect(system.equals(coding.getSystem()), where + " has a code of an unknown system");
        return coding.getCode();
    }

    private static void coded(FactKind kind, Collection<String> codes, List<Condition> conditions) {
        if (!codes.isEmpty()) {
            conditions.add(new Condition.Coded(kind, Set.copyOf(codes)));
        }
    }

    private static Condition anyOf(List<Condition> alternatives) {
        return alternatives.size() == 1 ? alternatives.get(0) : new Condition.AnyOf(alternatives);
    }

    private static IllegalArgumentException unknownSystem(String where) {
        return new IllegalArgumentException(where + " has a code of an unknown system");
    }
}
