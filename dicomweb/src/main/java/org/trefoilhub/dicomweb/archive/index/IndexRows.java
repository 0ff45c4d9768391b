package org.trefoilhub.dicomweb.archive.index;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.sql.SqlCondition;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.dicomweb.archive.Masking;
import org.trefoilhub.dicomweb.archive.blob.BlobId;

/** What the reading and the writing side of the index share: columns, order and the shape of rows. */
final class IndexRows {
    static final String INSTANCE_COLUMNS = "i.instance_pk, st.study_instance_uid, se.series_instance_uid,"
            + " i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.number_of_frames, i.blob_id,"
            + " i.length_bytes, i.sha256, i.frame_index,"
            + " (select pt.patient_ref from trefoil.patient pt where pt.patient_pk = st.patient_pk) as patient_ref";

    static final String INSTANCE_TABLES = " from trefoil.instance i"
            + " join trefoil.series se on se.series_pk = i.series_pk"
            + " join trefoil.study st on st.study_pk = i.study_pk";

    static final String ORDER =
            " order by se.series_number, se.series_instance_uid, i.instance_number, i.sop_instance_uid";

    private IndexRows() {}

    /** The condition of what is visible and the UIDs'. */
    static SqlCondition where(
            String study, @Nullable String series, @Nullable String sopInstance, SqlCondition visible) {
        List<SqlCondition> conditions = new ArrayList<>();
        conditions.add(SqlCondition.of("st.study_instance_uid = ?", study));
        if (series != null) {
            conditions.add(SqlCondition.of("se.series_instance_uid = ?", series));
        }
        if (sopInstance != null) {
            conditions.add(SqlCondition.of("i.sop_instance_uid = ?", sopInstance));
        }
        conditions.add(visible);
        return SqlCondition.and(conditions);
    }

    static InstanceRow instance(ResultSet rs, Masking masking) throws SQLException {
        return new InstanceRow(
                rs.getLong("instance_pk"),
                rs.getString("study_instance_uid"),
                rs.getString("series_instance_uid"),
                rs.getString("sop_instance_uid"),
                rs.getString("sop_class_uid"),
                rs.getString("transfer_syntax_uid"),
                rs.getInt("number_of_frames"),
                new BlobId(rs.getString("blob_id")),
                rs.getLong("length_bytes"),
                rs.getString("sha256"),
                rs.getBytes("frame_index"),
                masking,
                rs.getString("patient_ref"));
    }

    /** The masking of a row that selects {@link Sight#masking()} as {@code masking}. */
    static Masking masking(ResultSet rs) throws SQLException {
        return Masking.values()[rs.getInt("masking")];
    }

    static MetadataChunk chunk(ResultSet rs) throws SQLException {
        return new MetadataChunk(rs.getBytes("metadata"), rs.getLong("metadata_crc"), rs.getInt("metadata_length"));
    }

    /** Values that are only referred to come out as empty regions: searches do not return them. */
    static DicomDataset parse(byte[] json) {
        try {
            return DicomJson.readAll(new ByteArrayInputStream(json), (uri, tag, vr) -> new DicomValue.Bulk(0, 0, false))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("attributes in the index are damaged", e);
        }
    }
}
