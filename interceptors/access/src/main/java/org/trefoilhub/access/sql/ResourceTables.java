package org.trefoilhub.access.sql;

import java.util.Set;
import org.trefoilhub.access.policy.FactKind;

/** Facts of FHIR resources, as their writer keeps them: complete for every row. */
record ResourceTables(String alias) implements FactTables {

    @Override
    public String patient() {
        return alias + ".patient_ref";
    }

    @Override
    public String from() {
        return alias + ".from_at";
    }

    @Override
    public SqlCondition coded(FactKind kind, Set<String> values) {
        return SqlCondition.in("f.code", values.stream())
                .wrap(
                        "exists (select 1 from trefoil.access_code f where f.res_pid = " + alias
                                + ".res_pid and f.kind = '" + kind.name() + "' and ",
                        ")");
    }

    @Override
    public SqlCondition exam(Set<String> exams) {
        return SqlCondition.in("f.exam_ref", exams.stream())
                .wrap("exists (select 1 from trefoil.access_exam f where f.res_pid = " + alias + ".res_pid and ", ")");
    }
}
