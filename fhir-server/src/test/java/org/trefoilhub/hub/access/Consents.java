package org.trefoilhub.hub.access;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Reference;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;

/** Access policies for tests. */
final class Consents {

    private Consents() {}

    /** An active Consent with one provision that says nothing but its effect and priority. */
    static Consent of(Consent.ConsentProvisionType effect, int priority) {
        Consent consent = new Consent();
        consent.getMeta().addProfile(AccessPolicyMapper.PROFILE);
        consent.setStatus(Consent.ConsentState.ACTIVE);
        consent.setScope(concept(AccessPolicyMapper.SCOPE_SYSTEM, AccessPolicyMapper.SCOPE));
        consent.addCategory(concept("http://loinc.org", "57016-8"));
        consent.setPolicyRule(concept(AccessPolicyMapper.RULE_SYSTEM, AccessPolicyMapper.RULE));
        Consent.ProvisionComponent provision = consent.getProvision().addProvision();
        provision.setType(effect);
        provision.addExtension(AccessPolicyMapper.PRIORITY, new IntegerType(priority));
        return consent;
    }

    /** Denies a client a resource type. */
    static Consent denied(String client, String type) {
        Consent consent = of(Consent.ConsentProvisionType.DENY, 100);
        actor(consent, "system", "client", client);
        type(consent, type);
        return consent;
    }

    static Consent.ProvisionComponent provision(Consent consent) {
        return consent.getProvision().getProvisionFirstRep();
    }

    static void type(Consent consent, String type) {
        provision(consent).addClass_(new Coding(AccessPolicyMapper.TYPE_SYSTEM, type, null));
    }

    static void actor(Consent consent, String role, String system, String value) {
        provision(consent)
                .addActor()
                .setRole(concept(AccessPolicyMapper.ACTOR_ROLE_SYSTEM, role))
                .setReference(new Reference()
                        .setIdentifier(new Identifier()
                                .setSystem(AccessPolicyMapper.BASE + "/sid/" + system)
                                .setValue(value)));
    }

    static CodeableConcept concept(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(system, code, null));
    }
}
