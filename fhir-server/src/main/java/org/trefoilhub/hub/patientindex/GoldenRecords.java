package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirResourceDao;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;

/**
 * The Patients that stand for persons, and the source Patients behind them, read and written as the hub itself.
 *
 * <p>A golden record carries the tags of HAPI MDM, an identifier of its own, and a link of type {@code seealso} to each
 * source Patient, from which the facts of the policy follow: one label, one person. It takes name, sex and birth date from
 * its best source and no identifier of any source, so that whoever looks for a number finds the source.
 */
final class GoldenRecords {

    /** System of the tag that says who made a golden record. */
    static final String MANAGED = "https://hapifhir.org/NamingSystem/managing-mdm-system";

    /** System of the tag that says what a golden record is now. */
    static final String STATUS = "http://hapifhir.io/fhir/NamingSystem/mdm-record-status";

    static final String GOLDEN = "GOLDEN_RECORD";
    static final String REDIRECTED = "REDIRECTED";
    private static final String MANAGER = "HAPI-MDM";
    private static final String OWN_NUMBER = "http://hapifhir.io/fhir/NamingSystem/mdm-golden-resource-enterprise-id";

    private final DaoRegistry daos;

    GoldenRecords(DaoRegistry daos) {
        this.daos = daos;
    }

    /** Whether a Patient is a golden record, or was one. */
    static boolean isGolden(Patient patient) {
        return patient.getMeta().getTag().stream().anyMatch(tag -> STATUS.equals(tag.getSystem()));
    }

    Optional<Patient> read(String id) {
        try {
            return Optional.of(dao().read(new IdType("Patient", id), new SystemRequestDetails()));
        } catch (ResourceGoneException | ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    void save(Patient patient) {
        dao().update(patient, new SystemRequestDetails());
    }

    /**
     * Makes a golden record without sources.
     *
     * @return its id
     */
    String create(Patient like) {
        Patient golden = new Patient();
        golden.getMeta().addTag(MANAGED, MANAGER, null);
        golden.getMeta().addTag(STATUS, GOLDEN, "Golden Record");
        golden.addIdentifier().setSystem(OWN_NUMBER).setValue(UUID.randomUUID().toString());
        describe(golden, List.of(like));
        return dao().create(golden, new SystemRequestDetails()).getId().getIdPart();
    }

    /** Brings a golden record up to date with its sources. */
    void refresh(String id, List<Patient> sources) {
        read(id).ifPresent(golden -> {
            describe(golden, sources);
            save(golden);
        });
    }

    private static void describe(Patient golden, List<Patient> sources) {
        golden.setLink(null);
        golden.setActive(true);
        sources.forEach(source -> golden.addLink()
                .setType(Patient.LinkType.SEEALSO)
                .setOther(new Reference("Patient/" + source.getIdElement().getIdPart())));
        sources.stream()
                .min(Comparator.comparing((Patient source) ->
                                PersonRecord.of(source).cards().isEmpty())
                        .thenComparing(source -> source.getIdElement().getIdPartAsLong()))
                .ifPresent(best -> {
                    golden.setName(best.copy().getName());
                    golden.setGender(best.getGender());
                    golden.setBirthDateElement(best.getBirthDateElement().copy());
                });
    }

    /** Leaves a golden record behind as the address of another. */
    void redirect(String id, String to) {
        read(id).ifPresent(golden -> {
            golden.setActive(false);
            golden.setLink(null);
            golden.addLink().setType(Patient.LinkType.REPLACEDBY).setOther(new Reference("Patient/" + to));
            Meta gone = new Meta();
            gone.addTag(STATUS, GOLDEN, null);
            dao().metaDeleteOperation(
                            golden.getIdElement().toUnqualifiedVersionless(), gone, new SystemRequestDetails());
            golden.getMeta().getTag().removeIf(tag -> STATUS.equals(tag.getSystem()));
            golden.getMeta().addTag(STATUS, REDIRECTED, "Redirected");
            golden.setId(golden.getIdElement().toUnqualifiedVersionless());
            save(golden);
        });
    }

    private IFhirResourceDao<Patient> dao() {
        return daos.getResourceDao(Patient.class);
    }
}
