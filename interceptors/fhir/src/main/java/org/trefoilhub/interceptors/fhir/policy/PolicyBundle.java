package org.trefoilhub.interceptors.fhir.policy;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Group;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.PolicyInvalidException;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.Vocabulary;

/**
 * Reads a Bundle of access policies and compiles it; all or nothing.
 *
 * <p>The set that the hub ships lies on the class path at {@link #SEED}.
 */
public final class PolicyBundle {

    /** Class path resource of the shipped set (module {@code ig}). */
    public static final String SEED = "org/trefoilhub/ig/seed/access-policies.json";

    /** Class path resource of what the demo hospital permits beside it: its test client and its modality. */
    public static final String DEMO_SEED = "org/trefoilhub/ig/seed/demo-access-policies.json";

    /** Class path resource of what is permitted while the stored policies cannot be loaded: their repair by a steward. */
    public static final String REPAIR = "org/trefoilhub/ig/seed/repair-policies.json";

    private final FhirContext context;
    private final AccessPolicyMapper mapper;

    /**
     * Reads with a context.
     *
     * @param context FHIR R4
     * @param zone zone of the hospital
     */
    public PolicyBundle(FhirContext context, ZoneId zone) {
        this.context = context;
        this.mapper = new AccessPolicyMapper(zone, ActorDirectory.EMPTY);
    }

    /**
     * Compiles shipped sets into one.
     *
     * @param version version of the set
     * @param options settings
     * @param resources class path resources, such as {@link #SEED}
     * @return the set
     * @throws PolicyInvalidException when a resource is missing or anything in it is not understood
     */
    public PolicySet seed(long version, PolicyOptions options, String... resources) {
        List<AccessPolicy> policies = new ArrayList<>();
        for (String resource : resources) {
            policies.addAll(map(resources(resource)));
        }
        return compile(policies, version, options);
    }

    /**
     * Reads a shipped set without compiling it.
     *
     * @param resource class path resource, such as {@link #SEED}
     * @return its Bundle of Consents and of the Groups they name
     * @throws PolicyInvalidException when it is missing or no valid Bundle
     */
    public Bundle resources(String resource) {
        try (InputStream in = PolicyBundle.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new PolicyInvalidException(List.of("the shipped policies `" + resource + "` are missing"));
            }
            return read(in);
        } catch (IOException e) {
            throw new PolicyInvalidException(List.of("the shipped policies `" + resource + "` cannot be read"));
        }
    }

    /**
     * Compiles a Bundle.
     *
     * @param json Bundle of Consent resources, FHIR JSON, UTF-8
     * @param version version of the set
     * @param options settings
     * @return the set
     * @throws PolicyInvalidException when anything in it is not understood
     */
    public PolicySet compile(InputStream json, long version, PolicyOptions options) {
        return compile(map(read(json)), version, options);
    }

    private PolicySet compile(List<AccessPolicy> policies, long version, PolicyOptions options) {
        return PolicySet.compile(
                version, policies, Vocabulary.hospital(Set.copyOf(context.getResourceTypes())), options);
    }

    private Bundle read(InputStream json) {
        IParser parser = context.newJsonParser();
        parser.setParserErrorHandler(new StrictErrorHandler());
        try {
            return parser.parseResource(Bundle.class, json);
        } catch (DataFormatException e) {
            throw new PolicyInvalidException(List.of("the policies are no valid FHIR Bundle: " + e.getMessage()));
        }
    }

    private List<AccessPolicy> map(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        List<AccessPolicy> policies = new ArrayList<>();
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            if (entry.getResource() instanceof Group) {
                // Named by the policies beside it; says nothing itself.
                continue;
            }
            if (!(entry.getResource() instanceof Consent consent)) {
                problems.add("the Bundle holds something that is no Consent");
                continue;
            }
            try {
                policies.addAll(mapper.map(consent));
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new PolicyInvalidException(problems);
        }
        return policies;
    }
}
