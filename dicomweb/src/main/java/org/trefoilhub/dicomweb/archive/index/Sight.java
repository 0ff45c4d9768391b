package org.trefoilhub.dicomweb.archive.index;

import java.util.ArrayList;
import java.util.List;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.sql.ScopeSql;
import org.trefoilhub.access.sql.SqlCondition;
import org.trefoilhub.dicomweb.archive.Masking;

/**
 * What a subject may see of the archive, and how clearly.
 *
 * @param scope what may be seen at all
 * @param nameMasked the part of it that is seen with names masked
 * @param demographicsMasked the part of it that is seen with demographics masked
 */
public record Sight(AccessScope scope, AccessScope nameMasked, AccessScope demographicsMasked) {

    /** Sees the scope with nothing masked. */
    public static Sight clear(AccessScope scope) {
        AccessScope nothing = new AccessScope.None("nothing is masked");
        return new Sight(scope, nothing, nothing);
    }

    /** The condition on studies, alias {@code st}. */
    SqlCondition visible() {
        return ScopeSql.translate(scope, StudyFactTables.INSTANCE);
    }

    private SqlCondition masked(Masking atLeast) {
        SqlCondition demographics = ScopeSql.possibly(demographicsMasked, StudyFactTables.INSTANCE);
        return atLeast == Masking.DEMOGRAPHICS
                ? demographics
                : SqlCondition.or(List.of(ScopeSql.possibly(nameMasked, StudyFactTables.INSTANCE), demographics));
    }

    /** An expression for the ordinal of the {@link Masking} of a study; parameters come in its order. */
    SqlCondition masking() {
        SqlCondition name = masked(Masking.NAME);
        if (name.equals(SqlCondition.FALSE)) {
            return SqlCondition.of("0");
        }
        SqlCondition demographics = masked(Masking.DEMOGRAPHICS);
        List<Object> parameters = new ArrayList<>(demographics.parameters());
        parameters.addAll(name.parameters());
        return new SqlCondition(
                "case when " + demographics.sql() + " then 2 when " + name.sql() + " then 1 else 0 end", parameters);
    }

    /** The condition under which a study may be found by an attribute: what is masked cannot be guessed by searching. */
    SqlCondition findableBy(int tag) {
        for (Masking masking : List.of(Masking.NAME, Masking.DEMOGRAPHICS)) {
            if (masking.hides(tag)) {
                return masked(masking).not();
            }
        }
        return SqlCondition.TRUE;
    }
}
