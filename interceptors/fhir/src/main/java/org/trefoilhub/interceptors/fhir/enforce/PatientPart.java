package org.trefoilhub.interceptors.fhir.enforce;

import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;

/**
 * Carries a scope of Patients over to resources about them: possible when it asks for nothing but the patient. Refuses all
 * else; result: always true.
 */
final class PatientPart implements AccessScope.Visitor<Boolean> {

    private static final PatientPart INSTANCE = new PatientPart();

    private PatientPart() {}

    /** The same scope, which then means the patients of other resources. */
    static AccessScope of(AccessScope scope) {
        scope.accept(INSTANCE);
        return scope;
    }

    private static AccessDeniedException refused() {
        return AccessDeniedException.untranslatable("it looks at the identity of patients, some of which are masked");
    }

    @Override
    public Boolean all(AccessScope.All scope) {
        return true;
    }

    @Override
    public Boolean none(AccessScope.None scope) {
        return true;
    }

    @Override
    public Boolean anyOf(AccessScope.AnyOf scope) {
        scope.parts().forEach(part -> part.accept(this));
        return true;
    }

    @Override
    public Boolean allOf(AccessScope.AllOf scope) {
        scope.parts().forEach(part -> part.accept(this));
        return true;
    }

    @Override
    public Boolean not(AccessScope.Not scope) {
        return scope.part().accept(this);
    }

    @Override
    public Boolean compartment(AccessScope.Compartment scope) {
        return true;
    }

    @Override
    public Boolean label(AccessScope.Label scope) {
        return true;
    }

    @Override
    public Boolean coded(AccessScope.Coded scope) {
        if (!scope.kind().ofPatient()) {
            throw refused();
        }
        return true;
    }

    @Override
    public Boolean exam(AccessScope.Exam scope) {
        throw refused();
    }

    @Override
    public Boolean dataPeriod(AccessScope.DataPeriod scope) {
        throw refused();
    }

    @Override
    public Boolean care(AccessScope.Care scope) {
        return true;
    }
}
