package org.trefoilhub.hub.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house, numbered as docs/architecture.md lists them. */
class ArchitectureTest {

    /** Which modules a module may use at most. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "dicom", Set.of(),
            "interceptors/access", Set.of(),
            "interceptors/fhir", Set.of("interceptors/access"),
            "dicomweb", Set.of("dicom", "interceptors/access"),
            "connectors", Set.of("interceptors/access"),
            "fhir-server", Set.of("connectors", "dicom", "dicomweb", "interceptors/access", "interceptors/fhir"));

    /** Look up the Practitioner of the user who logs in or asks, as the system: at that moment there is no subject yet. */
    private static final Set<String> LOGIN = Set.of(
            "org.trefoilhub.hub.smart.StoredPractitioners",
            "org.trefoilhub.hub.smart.StoredStandings",
            "org.trefoilhub.hub.smart.StoredClientStandings",
            "org.trefoilhub.hub.smart.SmartConfiguration");

    @Test
    void rule01ModulesPointOneWay() {
        Modules.dependencies().forEach((module, uses) -> assertThat(ALLOWED.get(module))
                .as("modules used by %s", module)
                .containsAll(uses));
    }

    @Test
    void rule02FeaturePackagesHaveNoCycles() {
        for (String root : Modules.ROOT_PACKAGES.values()) {
            slices().matching(root + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(Modules.classes());
        }
    }

    @Test
    void rule03DicomAndAccessUseTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage("org.trefoilhub.access..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("org.trefoilhub.access..", "java..", "org.slf4j..", "org.jspecify.."))
                .check(Modules.classes());
        // Codec libraries are used through javax.imageio, never by name.
        classes()
                .that()
                .resideInAPackage("org.trefoilhub.dicom..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "org.trefoilhub.dicom..",
                        "java..",
                        "javax.imageio..",
                        "javax.net..",
                        "javax.xml..",
                        "org.w3c.dom..",
                        "org.xml.sax..",
                        "org.slf4j..",
                        "org.jspecify.."))
                .check(Modules.classes());
    }

    @Test
    void rule04HapiStaysInItsModules() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.trefoilhub.interceptors.fhir..", "org.trefoilhub.hub..", "org.trefoilhub.connectors..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ca.uhn..", "org.hl7..")
                .check(Modules.classes());
        // Connectors map to the R4 model and know neither its server nor its storage.
        classes()
                .that()
                .resideInAPackage("org.trefoilhub.connectors..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "org.trefoilhub.connectors..",
                        "org.trefoilhub.access..",
                        "java..",
                        "org.hl7.fhir.r4.model..",
                        "org.hl7.fhir.instance.model.api..",
                        "ca.uhn.fhir.model.api..",
                        "org.slf4j..",
                        "org.jspecify.."))
                .check(Modules.classes());
    }

    @Test
    void rule05BlobsAndIndexBelongToTheArchive() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.trefoilhub.dicomweb.archive..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.trefoilhub.dicomweb.archive.blob..", "org.trefoilhub.dicomweb.archive.index..")
                .check(Modules.classes());
    }

    @Test
    void rule06DoorsReachDataThroughSessions() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.trefoilhub.dicomweb.store..",
                        "org.trefoilhub.dicomweb.query..",
                        "org.trefoilhub.dicomweb.retrieve..",
                        "org.trefoilhub.dicomweb.dimse..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
                        .or(resideInAPackage("org.trefoilhub.dicomweb.archive.feed..")))
                .check(Modules.classes());
    }

    @Test
    void rule07OnlyProjectionsActAsTheSystem() {
        // Besides the projections and the policies themselves, which nobody may read before they are loaded, the wiring
        // hands DAOs on without asking them for data. The workflow asks the policy for the step, and then moves what
        // follows from it.
        noClasses()
                .that()
                .resideInAPackage("org.trefoilhub.hub..")
                .and()
                .resideOutsideOfPackages(
                        "org.trefoilhub.hub.imaging..",
                        "org.trefoilhub.hub.critical..",
                        "org.trefoilhub.hub.ingest..",
                        // Golden records are written for nobody in particular, and records that the asker of a merge
                        // must
                        // not read are compared.
                        "org.trefoilhub.hub.patientindex..",
                        "org.trefoilhub.hub.access..",
                        "org.trefoilhub.hub.workflow..",
                        // Seeds what the guide ships before any door opens.
                        "org.trefoilhub.hub.guide..",
                        // Reads and writes as the caller; only the ranges look at a patient as the system, because what
                        // is normal does not depend on who writes.
                        "org.trefoilhub.hub.report..",
                        "org.trefoilhub.hub.app..")
                .and(DescribedPredicate.not(
                        DescribedPredicate.describe("look up who logs in", type -> LOGIN.contains(type.getName()))))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("ca.uhn.fhir.rest.api.server.SystemRequestDetails")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("ca.uhn.fhir.jpa.api.dao..")
                .check(Modules.classes());
    }

    @Test
    void rule08TimeAndZoneAreGiven() {
        classes()
                .that()
                .resideInAPackage("org.trefoilhub..")
                .should(notCall(Set.of(
                        "java.time.Instant.now()",
                        "java.time.LocalDate.now()",
                        "java.time.LocalDateTime.now()",
                        "java.time.ZonedDateTime.now()",
                        "java.time.OffsetDateTime.now()",
                        "java.time.ZoneId.systemDefault()",
                        "java.time.Clock.systemDefaultZone()",
                        "java.util.TimeZone.getDefault()",
                        "java.lang.System.currentTimeMillis()",
                        "java.util.Date.<init>()")))
                .check(Modules.classes());
        noClasses()
                .that()
                .resideOutsideOfPackage("org.trefoilhub.hub.app..")
                .should()
                .callMethod(java.time.Clock.class, "systemUTC")
                .check(Modules.classes());
    }

    @Test
    void rule09NoStandardStreamsAndNoGenericExceptions() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(Modules.classes());
        noClasses()
                .should()
                .callConstructorWhere(DescribedPredicate.describe(
                        "it is a generic exception", ArchitectureTest::makesGenericException))
                .check(Modules.classes());
    }

    @Test
    void rule10ControllersReturnNoEntities() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Controller")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta.persistence..", "ca.uhn.fhir.jpa.model.entity..", "ca.uhn.fhir.jpa.entity..")
                .allowEmptyShould(true)
                .check(Modules.classes());
    }

    @Test
    void rule11EveryPackageTellsWhatItIs() {
        Set<String> packages = new TreeSet<>();
        Set<String> described = new TreeSet<>();
        for (JavaClass type : Modules.classes()) {
            if (type.getSimpleName().equals("package-info")) {
                if (type.isAnnotatedWith(NullMarked.class)) {
                    described.add(type.getPackageName());
                }
            } else {
                packages.add(type.getPackageName());
            }
        }
        packages.removeAll(described);
        assertThat(packages).as("packages without a @NullMarked package-info").isEmpty();
    }

    @Test
    void rule12TransactionsAreOpenedExplicitly() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Service")
                .should()
                .beAnnotatedWith("org.springframework.transaction.annotation.Transactional")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("jakarta.transaction.Transactional")
                .check(Modules.classes());
    }

    @Test
    void rule14TheRulesSeeTheCode() {
        assertThat(Modules.classes().size()).isGreaterThan(200);
        for (String module : Modules.ROOT_PACKAGES.keySet()) {
            assertThat(Modules.classes().stream()
                            .filter(type ->
                                    Modules.of(type).filter(module::equals).isPresent())
                            .count())
                    .as("classes of %s", module)
                    .isGreaterThan(10);
        }
    }

    private static boolean makesGenericException(JavaConstructorCall call) {
        boolean generic = Set.of("java.lang.RuntimeException", "java.lang.Exception", "java.lang.Error")
                .contains(call.getTargetOwner().getName());
        boolean calledBySubclass =
                call.getOrigin().isConstructor() && call.getOriginOwner().isAssignableTo(Throwable.class);
        return generic && !calledBySubclass;
    }

    private static ArchCondition<JavaClass> notCall(Set<String> forbidden) {
        return new ArchCondition<>("take time and zone from an injected clock") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getCodeUnitCallsFromSelf().forEach(call -> {
                    String target = call.getTargetOwner().getName() + "."
                            + call.getTarget().getName() + "("
                            + String.join(
                                    ",",
                                    call.getTarget().getRawParameterTypes().stream()
                                            .map(JavaClass::getName)
                                            .toList())
                            + ")";
                    if (forbidden.contains(target)) {
                        events.add(SimpleConditionEvent.violated(type, call.getDescription()));
                    }
                });
            }
        };
    }
}
