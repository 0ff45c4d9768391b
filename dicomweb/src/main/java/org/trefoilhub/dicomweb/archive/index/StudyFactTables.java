package org.trefoilhub.dicomweb.archive.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.sql.FactTables;
import org.trefoilhub.access.sql.SqlCondition;

/**
 * Facts of the studies in the index, alias {@code st}.
 *
 * <p>The patient is the one its Patient ID leads to; a study without one has the patient that its ImagingStudy was given by
 * hand, if any, and is unassigned otherwise. Modality, sender, date and data type are the archive's own; the ImagingStudy may
 * add modalities (of the order) and sources. Exams, exam items and departments are known from the ImagingStudy alone: a
 * study that is not projected yet lacks them.
 */
final class StudyFactTables implements FactTables {
    static final StudyFactTables INSTANCE = new StudyFactTables();

    /** Data type of studies that have a patient. */
    static final String IMAGE = "image";

    /** Data type of studies that have none. */
    static final String UNASSIGNED = "image-unassigned";

    /** Data type of studies with a waveform, beside the other. */
    static final String WAVEFORM = "waveform";

    /** Modalities that are waveforms. */
    static final Set<String> WAVEFORMS = Set.of("ECG");

    /** The row of the study's ImagingStudy in the FHIR store, or null; the oldest, as for the projection. */
    static final String RESOURCE = "(select min(of_study.res_pid) from trefoil.access_resource of_study"
            + " where of_study.study_uid = st.study_instance_uid and of_study.res_type = 'ImagingStudy')";

    /** Kinds that only the ImagingStudy knows. */
    static final Set<FactKind> PROJECTED = Set.of(FactKind.EXAM_ITEM, FactKind.DEPARTMENT, FactKind.CATEGORY);

    static final SqlCondition ASSIGNED = SqlCondition.of("(st.patient_pk is not null or exists (select 1"
            + " from trefoil.access_resource ar where ar.res_pid = " + RESOURCE + " and ar.patient_ref is not null))");

    private static final String PATIENT =
            "coalesce((select pt.patient_ref from trefoil.patient pt where pt.patient_pk = st.patient_pk),"
                    + " (select ar.patient_ref from trefoil.access_resource ar where st.patient_pk is null"
                    + " and ar.res_pid = " + RESOURCE + "))";

    private StudyFactTables() {}

    @Override
    public String patient() {
        return PATIENT;
    }

    @Override
    public String from() {
        return "st.started_at";
    }

    @Override
    public SqlCondition coded(FactKind kind, Set<String> values) {
        return switch (kind) {
            case MODALITY -> SqlCondition.or(List.of(modality(values), projected(kind, values)));
            case SOURCE ->
                SqlCondition.or(List.of(SqlCondition.in("st.sender", values.stream()), projected(kind, values)));
            case DATA_TYPE -> dataType(values);
            case EXAM_ITEM, DEPARTMENT, CATEGORY -> projected(kind, values);
            // Reports have authors, studies have none.
            case AUTHOR -> SqlCondition.FALSE;
            case SENSITIVITY, PATIENT_TYPE, EXAMINED_BY, GROUP ->
                throw new IllegalArgumentException("facts of patients are not the archive's");
        };
    }

    private static SqlCondition dataType(Set<String> values) {
        List<SqlCondition> types = new ArrayList<>();
        if (values.contains(IMAGE)) {
            types.add(ASSIGNED);
        }
        if (values.contains(UNASSIGNED)) {
            types.add(ASSIGNED.not());
        }
        if (values.contains(WAVEFORM)) {
            types.add(modality(WAVEFORMS));
        }
        return SqlCondition.or(types);
    }

    private static SqlCondition modality(Set<String> values) {
        return SqlCondition.in("of_study.modality", values.stream())
                .wrap("exists (select 1 from trefoil.series of_study where of_study.study_pk = st.study_pk and ", ")");
    }

    private static SqlCondition projected(FactKind kind, Set<String> values) {
        return SqlCondition.in("f.code", values.stream())
                .wrap(
                        "exists (select 1 from trefoil.access_code f where f.kind = '" + kind.name()
                                + "' and f.res_pid = " + RESOURCE + " and ",
                        ")");
    }

    @Override
    public SqlCondition exam(Set<String> exams) {
        return SqlCondition.in("f.exam_ref", exams.stream())
                .wrap("exists (select 1 from trefoil.access_exam f where f.res_pid = " + RESOURCE + " and ", ")");
    }

    @Override
    public SqlCondition known(Set<FactKind> kinds, boolean exams) {
        return exams || kinds.stream().anyMatch(PROJECTED::contains)
                ? SqlCondition.of(RESOURCE + " is not null")
                : SqlCondition.TRUE;
    }
}
