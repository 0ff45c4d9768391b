package org.trefoilhub.hub.patientindex;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of the index. Joins the transaction of the caller. */
final class LinkTable {

    /** A key that more records share tells nobody apart: the telephone of a ward, a placeholder nobody knew. */
    private static final int MOST_HOLDERS = 40;

    private static final String COLUMNS =
            "select golden_id, patient_id, result, source, rule, updated_at from trefoil.person_link";

    private final JdbcClient jdbc;

    LinkTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Notes that a Patient was written. */
    void queue(String patient) {
        jdbc.sql("insert into trefoil.person_pending (patient_id) values (?)")
                .param(patient)
                .update();
    }

    /** Notes every Patient that the index has not looked at since it exists. */
    int queueUnknown() {
        return jdbc.sql("insert into trefoil.person_pending (patient_id)"
                        + " select r.res_id from trefoil.access_resource r where r.res_type = 'Patient'"
                        + " and not exists (select 1 from trefoil.person_key k where k.patient_id = r.res_id)"
                        + " and not exists (select 1 from trefoil.person_link l where l.golden_id = r.res_id)")
                .update();
    }

    /** The oldest notes: key and patient. */
    Map<Long, String> pending(int most) {
        Map<Long, String> rows = new LinkedHashMap<>();
        jdbc.sql("select id, patient_id from trefoil.person_pending order by id limit " + most)
                .query((ResultSet row) -> {
                    rows.put(row.getLong(1), row.getString(2));
                });
        return rows;
    }

    void done(long pending) {
        jdbc.sql("delete from trefoil.person_pending where id = ?")
                .param(pending)
                .update();
    }

    void replaceKeys(String patient, Collection<String> keys) {
        jdbc.sql("delete from trefoil.person_key where patient_id = ?")
                .param(patient)
                .update();
        for (String key : keys) {
            jdbc.sql("insert into trefoil.person_key (patient_id, code) values (?, ?)")
                    .param(patient)
                    .param(key.length() > 256 ? key.substring(0, 256) : key)
                    .update();
        }
    }

    /** Other patients that share a key. */
    Set<String> candidates(String patient, Collection<String> keys) {
        Set<String> found = new TreeSet<>();
        for (String key : keys) {
            List<String> holders = jdbc.sql(
                            "select patient_id from trefoil.person_key where code = ? and patient_id <> ? limit "
                                    + (MOST_HOLDERS + 1))
                    .param(key)
                    .param(patient)
                    .query(String.class)
                    .list();
            if (holders.size() <= MOST_HOLDERS) {
                found.addAll(holders);
            }
        }
        return found;
    }

    /** The link by which a patient belongs to a person. */
    Optional<PersonLink> match(String patient) {
        return links(null, patient).stream().filter(PersonLink::isMatch).findFirst();
    }

    Optional<PersonLink> link(String golden, String patient) {
        return links(golden, patient).stream().findFirst();
    }

    /** Source patients of a golden record. */
    List<String> members(String golden) {
        return links(golden, null).stream()
                .filter(PersonLink::isMatch)
                .map(PersonLink::patient)
                .toList();
    }

    boolean isGolden(String patient) {
        return !links(patient, null).isEmpty();
    }

    /** Links of a golden record, of a patient, of both, or all of them. */
    List<PersonLink> links(@Nullable String golden, @Nullable String patient) {
        return links(golden, patient, null);
    }

    List<PersonLink> links(@Nullable String golden, @Nullable String patient, Match.@Nullable Grade result) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder(COLUMNS).append(" where 1 = 1");
        if (golden != null) {
            sql.append(" and golden_id = ?");
            parameters.add(golden);
        }
        if (patient != null) {
            sql.append(" and patient_id = ?");
            parameters.add(patient);
        }
        if (result != null) {
            sql.append(" and result = ?");
            parameters.add(result.name());
        }
        sql.append(" order by updated_at, golden_id, patient_id");
        return jdbc.sql(sql.toString())
                .params(parameters)
                .query(LinkTable::link)
                .list();
    }

    private static PersonLink link(ResultSet row, int number) throws SQLException {
        return new PersonLink(
                row.getString(1),
                row.getString(2),
                Match.Grade.valueOf(row.getString(3)),
                row.getString(4).equals("MANUAL"),
                row.getString(5),
                row.getObject(6, OffsetDateTime.class).toInstant());
    }

    void save(PersonLink link) {
        delete(link.golden(), link.patient());
        jdbc.sql("insert into trefoil.person_link (golden_id, patient_id, result, source, rule, updated_at)"
                        + " values (?, ?, ?, ?, ?, ?)")
                .param(link.golden())
                .param(link.patient())
                .param(link.result().name())
                .param(link.source())
                .param(link.rule())
                .param(link.updated().atOffset(ZoneOffset.UTC))
                .update();
    }

    void delete(String golden, String patient) {
        jdbc.sql("delete from trefoil.person_link where golden_id = ? and patient_id = ?")
                .param(golden)
                .param(patient)
                .update();
    }
}
