package org.trefoilhub.dicomweb.archive.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trefoilhub.access.sql.SqlCondition;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicomweb.archive.QueryLevel;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * A matching key that the index supports: where it lives and how its values match.
 *
 * <p>Spec: DICOM PS3.4 section C.2.2.2 (attribute matching), PS3.18 section 10.6.1.2 (matching keys).
 */
record SearchKey(QueryLevel level, Kind kind, String column) {

    /** How a value matches. */
    enum Kind {
        UID,
        TEXT,
        NAME,
        DATE,
        TIME,
        INTEGER,
        /** Several values in one column, each between bars. */
        LIST,
        /** Modalities or SOP classes of a study, looked up below it. */
        BELOW
    }

    private static final Map<List<Integer>, SearchKey> KEYS = new HashMap<>();

    private static void key(QueryLevel level, Kind kind, String column, Integer... path) {
        KEYS.put(List.of(path), new SearchKey(level, kind, column));
    }

    static {
        key(QueryLevel.STUDY, Kind.UID, "st.study_instance_uid", Tag.StudyInstanceUID);
        key(QueryLevel.STUDY, Kind.NAME, "st.patient_name", Tag.PatientName);
        key(QueryLevel.STUDY, Kind.TEXT, "st.patient_id", Tag.PatientID);
        key(QueryLevel.STUDY, Kind.TEXT, "st.issuer", Tag.IssuerOfPatientID);
        key(QueryLevel.STUDY, Kind.TEXT, "st.patient_sex", Tag.PatientSex);
        key(QueryLevel.STUDY, Kind.DATE, "st.patient_birth_date", Tag.PatientBirthDate);
        key(QueryLevel.STUDY, Kind.DATE, "st.study_date", Tag.StudyDate);
        key(QueryLevel.STUDY, Kind.TIME, "st.study_time", Tag.StudyTime);
        key(QueryLevel.STUDY, Kind.TEXT, "st.accession_number", Tag.AccessionNumber);
        key(QueryLevel.STUDY, Kind.TEXT, "st.study_id", Tag.StudyID);
        key(QueryLevel.STUDY, Kind.TEXT, "st.study_description", Tag.StudyDescription);
        key(QueryLevel.STUDY, Kind.NAME, "st.referring_physician_name", Tag.ReferringPhysicianName);
        key(
                QueryLevel.STUDY,
                Kind.BELOW,
                "exists (select 1 from trefoil.series b where b.study_pk = st.study_pk and %s)|b.modality",
                Tag.ModalitiesInStudy);
        key(
                QueryLevel.STUDY,
                Kind.BELOW,
                "exists (select 1 from trefoil.instance b where b.study_pk = st.study_pk and %s)|b.sop_class_uid",
                Tag.SOPClassesInStudy);
        key(QueryLevel.SERIES, Kind.UID, "se.series_instance_uid", Tag.SeriesInstanceUID);
        key(QueryLevel.SERIES, Kind.TEXT, "se.modality", Tag.Modality);
        key(QueryLevel.SERIES, Kind.INTEGER, "se.series_number", Tag.SeriesNumber);
        key(QueryLevel.SERIES, Kind.TEXT, "se.series_description", Tag.SeriesDescription);
        key(QueryLevel.SERIES, Kind.TEXT, "se.body_part_examined", Tag.BodyPartExamined);
        key(QueryLevel.SERIES, Kind.TEXT, "se.laterality", Tag.Laterality);
        key(QueryLevel.SERIES, Kind.DATE, "se.series_date", Tag.SeriesDate);
        key(QueryLevel.SERIES, Kind.TIME, "se.series_time", Tag.SeriesTime);
        key(QueryLevel.SERIES, Kind.DATE, "se.step_start_date", Tag.PerformedProcedureStepStartDate);
        key(QueryLevel.SERIES, Kind.TIME, "se.step_start_time", Tag.PerformedProcedureStepStartTime);
        key(QueryLevel.SERIES, Kind.TEXT, "se.station_name", Tag.StationName);
        key(QueryLevel.SERIES, Kind.TEXT, "se.institution_name", Tag.InstitutionName);
        key(
                QueryLevel.SERIES,
                Kind.LIST,
                "se.scheduled_step_ids",
                Tag.RequestAttributesSequence,
                Tag.ScheduledProcedureStepID);
        key(
                QueryLevel.SERIES,
                Kind.LIST,
                "se.requested_procedure_ids",
                Tag.RequestAttributesSequence,
                Tag.RequestedProcedureID);
        key(
                QueryLevel.SERIES,
                Kind.LIST,
                "se.request_accession_numbers",
                Tag.RequestAttributesSequence,
                Tag.AccessionNumber);
        key(QueryLevel.INSTANCE, Kind.UID, "i.sop_instance_uid", Tag.SOPInstanceUID);
        key(QueryLevel.INSTANCE, Kind.UID, "i.sop_class_uid", Tag.SOPClassUID);
        key(QueryLevel.INSTANCE, Kind.INTEGER, "i.instance_number", Tag.InstanceNumber);
        key(QueryLevel.INSTANCE, Kind.INTEGER, "i.number_of_frames", Tag.NumberOfFrames);
        key(QueryLevel.INSTANCE, Kind.DATE, "i.content_date", Tag.ContentDate);
        key(QueryLevel.INSTANCE, Kind.TIME, "i.content_time", Tag.ContentTime);
        key(QueryLevel.INSTANCE, Kind.UID, "i.transfer_syntax_uid", Tag.AvailableTransferSyntaxUID);
    }

    static Optional<SearchKey> of(List<Integer> path) {
        return Optional.ofNullable(KEYS.get(path));
    }

    /** Condition on this key's column; a value of wildcards only matches everything. */
    SqlCondition condition(String value, boolean fuzzy) {
        if (kind != Kind.UID && !value.isEmpty() && value.chars().allMatch(c -> c == '*')) {
            return SqlCondition.TRUE;
        }
        return switch (kind) {
            case UID -> uids(column, value);
            case TEXT -> text(column, value);
            case NAME -> fuzzy ? fuzzyName(value) : name(value);
            case DATE -> range(column, value, SearchKey::lowDate, SearchKey::highDate);
            case TIME -> range(column, value, SearchKey::lowTime, SearchKey::highTime);
            case INTEGER -> SqlCondition.of(column + " = ?", integer(value));
            case LIST -> SqlCondition.of(column + " like ? escape '!'", "%|" + like(value) + "|%");
            case BELOW -> below(value);
        };
    }

    private SqlCondition below(String value) {
        String[] parts = column.split("\\|");
        boolean uid = parts[1].endsWith("_uid");
        List<SqlCondition> any = new ArrayList<>();
        if (uid) {
            any.add(uids(parts[1], value));
        } else {
            for (String one : value.split("[\\\\,]")) {
                any.add(text(parts[1], one.strip()));
            }
        }
        SqlCondition condition = SqlCondition.or(any);
        return new SqlCondition(String.format(parts[0], condition.sql()), condition.parameters());
    }

    private static SqlCondition uids(String column, String value) {
        List<SqlCondition> any = new ArrayList<>();
        for (String uid : value.split("[\\\\,]")) {
            String trimmed = uid.strip();
            if (trimmed.length() > 64 || !trimmed.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
                throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected UIDs of digits and dots");
            }
            if (!trimmed.isEmpty()) {
                any.add(SqlCondition.of(column + " = ?", trimmed));
            }
        }
        return any.isEmpty() ? SqlCondition.TRUE : SqlCondition.or(any);
    }

    private static SqlCondition text(String column, String value) {
        return hasWildcard(value)
                ? SqlCondition.of(column + " like ? escape '!'", like(value))
                : SqlCondition.of(column + " = ?", value);
    }

    private SqlCondition name(String value) {
        List<SqlCondition> groups = new ArrayList<>();
        for (String group : value.split("=")) {
            String folded = NameMatching.foldText(group).replaceAll("[\\^ ]+$", "");
            if (!folded.isEmpty()) {
                groups.add(SqlCondition.of(column + " like ? escape '!'", "%|" + like(folded) + "|%"));
            }
        }
        return SqlCondition.and(groups);
    }

    private SqlCondition fuzzyName(String value) {
        String role = column.equals("st.patient_name") ? "P" : "R";
        List<SqlCondition> words = new ArrayList<>();
        for (String word : NameMatching.queryWords(value)) {
            words.add(SqlCondition.of(
                    "exists (select 1 from trefoil.study_name_word w where w.study_pk = st.study_pk"
                            + " and w.role = ? and w.word like ? escape '!')",
                    role,
                    like(word.replace("*", "").replace("?", "")) + "%"));
        }
        return SqlCondition.and(words);
    }

    static boolean hasWildcard(String value) {
        return value.indexOf('*') >= 0 || value.indexOf('?') >= 0;
    }

    /** A LIKE pattern with {@code !} as escape character. */
    private static String like(String value) {
        StringBuilder pattern = new StringBuilder();
        value.chars().forEach(c -> {
            switch (c) {
                case '*' -> pattern.append('%');
                case '?' -> pattern.append('_');
                case '%', '_', '!' -> pattern.append('!').append((char) c);
                default -> pattern.append((char) c);
            }
        });
        return pattern.toString();
    }

    private static int integer(String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected a whole number as matching value", e);
        }
    }

    /** Turns an end of a range into its comparable form. */
    interface Bound {
        String of(String value);
    }

    static SqlCondition range(String column, String value, Bound low, Bound high) {
        int dash = value.indexOf('-');
        if (dash < 0) {
            return SqlCondition.of(column + " between ? and ?", low.of(value.strip()), high.of(value.strip()));
        }
        String from = value.substring(0, dash).strip();
        String to = value.substring(dash + 1).strip();
        if (from.isEmpty() && to.isEmpty()) {
            throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected a range with at least one end");
        }
        List<SqlCondition> ends = new ArrayList<>();
        if (!from.isEmpty()) {
            ends.add(SqlCondition.of(column + " >= ?", low.of(from)));
        } else {
            ends.add(SqlCondition.of(column + " <> ''"));
        }
        if (!to.isEmpty()) {
            ends.add(SqlCondition.of(column + " <= ?", high.of(to)));
        }
        return SqlCondition.and(ends);
    }

    static String lowDate(String value) {
        return date(value);
    }

    static String highDate(String value) {
        return date(value);
    }

    private static String date(String value) {
        if (value.length() != 8 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected dates as YYYYMMDD");
        }
        return value;
    }

    static String lowTime(String value) {
        return time(value, '0');
    }

    static String highTime(String value) {
        return time(value, '9');
    }

    /** HHMMSS.FFFFFF, missing digits filled up. */
    private static String time(String value, char fill) {
        String digits = value.replace(".", "");
        if (digits.length() < 2
                || digits.length() > 12
                || digits.length() % 2 != 0 && digits.length() < 6
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ArchiveException(
                    DicomwebErrorCode.BAD_REQUEST, "expected times as HHMMSS.FFFFFF or a beginning of it");
        }
        String filled = digits + String.valueOf(fill).repeat(12 - digits.length());
        return filled.substring(0, 6) + "." + filled.substring(6);
    }
}
