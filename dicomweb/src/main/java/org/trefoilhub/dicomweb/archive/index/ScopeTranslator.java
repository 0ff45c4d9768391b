package org.trefoilhub.dicomweb.archive.index;

import java.util.ArrayList;
import java.util.List;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;

/**
 * Turns an access scope into a condition on studies, or refuses.
 *
 * <p>Thread-safe. Limits: everything but all and nothing needs facts that the index does not hold yet, so they are
 * refused: fail closed.
 */
final class ScopeTranslator implements AccessScope.Visitor<SqlCondition> {
    static final ScopeTranslator INSTANCE = new ScopeTranslator();

    private ScopeTranslator() {}

    @Override
    public SqlCondition all(AccessScope.All scope) {
        return SqlCondition.TRUE;
    }

    @Override
    public SqlCondition none(AccessScope.None scope) {
        throw AccessDeniedException.of(scope);
    }

    @Override
    public SqlCondition anyOf(AccessScope.AnyOf scope) {
        List<SqlCondition> parts = new ArrayList<>();
        AccessScope.None none = null;
        for (AccessScope part : scope.parts()) {
            if (part instanceof AccessScope.None n) {
                none = n;
            } else {
                parts.add(part.accept(this));
            }
        }
        if (parts.isEmpty()) {
            throw AccessDeniedException.of(none == null ? new AccessScope.None("nothing is permitted") : none);
        }
        return SqlCondition.join("or", parts);
    }

    @Override
    public SqlCondition allOf(AccessScope.AllOf scope) {
        if (scope.parts().isEmpty()) {
            throw AccessDeniedException.untranslatable("an intersection of nothing");
        }
        return SqlCondition.join(
                "and", scope.parts().stream().map(part -> part.accept(this)).toList());
    }

    @Override
    public SqlCondition not(AccessScope.Not scope) {
        if (scope.part() instanceof AccessScope.All) {
            throw AccessDeniedException.of(new AccessScope.None("nothing is permitted"));
        }
        if (scope.part() instanceof AccessScope.None) {
            return SqlCondition.TRUE;
        }
        return scope.part().accept(this).wrap("not ", "");
    }

    @Override
    public SqlCondition compartment(AccessScope.Compartment scope) {
        throw AccessDeniedException.untranslatable("a patient compartment");
    }

    @Override
    public SqlCondition label(AccessScope.Label scope) {
        throw AccessDeniedException.untranslatable("a confidentiality label");
    }

    @Override
    public SqlCondition coded(AccessScope.Coded scope) {
        throw AccessDeniedException.untranslatable("a coded fact");
    }

    @Override
    public SqlCondition exam(AccessScope.Exam scope) {
        throw AccessDeniedException.untranslatable("an exam");
    }

    @Override
    public SqlCondition dataPeriod(AccessScope.DataPeriod scope) {
        throw AccessDeniedException.untranslatable("a period of data");
    }

    @Override
    public SqlCondition care(AccessScope.Care scope) {
        throw AccessDeniedException.untranslatable("patients in care");
    }
}
