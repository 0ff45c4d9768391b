package org.trefoilhub.interceptors.fhir.enforce;

import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;

/**
 * The translator of scopes into FHIR searches, as far as it goes: everything passes unchanged, nothing and every part is
 * refused. Result: always true.
 */
final class WholeScope implements AccessScope.Visitor<Boolean> {

    static final WholeScope INSTANCE = new WholeScope();

    private WholeScope() {}

    @Override
    public Boolean all(AccessScope.All scope) {
        return true;
    }

    @Override
    public Boolean none(AccessScope.None scope) {
        throw AccessDeniedException.of(scope);
    }

    @Override
    public Boolean anyOf(AccessScope.AnyOf scope) {
        throw AccessDeniedException.untranslatable("a union");
    }

    @Override
    public Boolean allOf(AccessScope.AllOf scope) {
        throw AccessDeniedException.untranslatable("an intersection");
    }

    @Override
    public Boolean not(AccessScope.Not scope) {
        throw AccessDeniedException.untranslatable("an exclusion");
    }

    @Override
    public Boolean compartment(AccessScope.Compartment scope) {
        throw AccessDeniedException.untranslatable("some patients only");
    }

    @Override
    public Boolean label(AccessScope.Label scope) {
        throw AccessDeniedException.untranslatable("patients up to a label only");
    }

    @Override
    public Boolean coded(AccessScope.Coded scope) {
        throw AccessDeniedException.untranslatable("some codes only");
    }

    @Override
    public Boolean exam(AccessScope.Exam scope) {
        throw AccessDeniedException.untranslatable("some exams only");
    }

    @Override
    public Boolean dataPeriod(AccessScope.DataPeriod scope) {
        throw AccessDeniedException.untranslatable("a period of data only");
    }

    @Override
    public Boolean care(AccessScope.Care scope) {
        throw AccessDeniedException.untranslatable("patients in care only");
    }
}
