package org.trefoilhub.hub.smart;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /fhir/.well-known/smart-configuration}: what works, and nothing else. A servlet of its own, because the exact
 * address must win over the FHIR servlet's {@code /fhir/*}.
 */
final class SmartConfigurationServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Scopes that can be granted; resource scopes also per type and with fewer letters. */
    static final List<String> SCOPES = List.of(
            "openid",
            "profile",
            "fhirUser",
            "offline_access",
            "online_access",
            "launch",
            "launch/patient",
            "launch/encounter",
            "patient/*.rs",
            "patient/*.read",
            "user/*.cruds",
            "user/*.rs",
            "user/*.read",
            "user/*.write",
            "system/*.cruds",
            "system/*.rs",
            "system/*.read",
            "system/*.write");

    /** Grants that some client holds. */
    static final List<String> GRANTS = List.of("authorization_code", "client_credentials", "refresh_token");

    /** How clients prove themselves at the token endpoint. */
    static final List<String> CLIENT_AUTHENTICATION =
            List.of("client_secret_basic", "client_secret_post", "private_key_jwt", "none");

    /** How clients prove themselves where a public client has no business. */
    static final List<String> CONFIDENTIAL = List.of("client_secret_basic", "client_secret_post", "private_key_jwt");

    /** What a client may sign its assertions with. */
    static final List<String> SIGNING_ALGORITHMS = ClientAssertions.ALGORITHMS;

    private final transient byte[] document;

    SmartConfigurationServlet(SmartAddresses addresses, ObjectMapper mapper) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("issuer", addresses.publicUrl());
        tree.put("jwks_uri", addresses.at(SmartAddresses.JWKS));
        tree.put("authorization_endpoint", addresses.at(SmartAddresses.AUTHORIZE));
        tree.put("token_endpoint", addresses.at(SmartAddresses.TOKEN));
        tree.put("introspection_endpoint", addresses.at(SmartAddresses.INTROSPECT));
        tree.put("revocation_endpoint", addresses.at(SmartAddresses.REVOKE));
        tree.put("userinfo_endpoint", addresses.at(SmartAddresses.USERINFO));
        tree.put("end_session_endpoint", addresses.at(SmartAddresses.END_SESSION));
        tree.put("token_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
        tree.put("token_endpoint_auth_signing_alg_values_supported", SIGNING_ALGORITHMS);
        tree.put("grant_types_supported", GRANTS);
        tree.put("response_types_supported", List.of("code"));
        tree.put("scopes_supported", SCOPES);
        tree.put("code_challenge_methods_supported", List.of("S256"));
        tree.put(
                "capabilities",
                List.of(
                        "launch-ehr",
                        "launch-standalone",
                        "authorize-post",
                        "context-banner",
                        "context-style",
                        "context-ehr-patient",
                        "context-ehr-encounter",
                        "context-standalone-patient",
                        "context-standalone-encounter",
                        "client-public",
                        "client-confidential-symmetric",
                        "client-confidential-asymmetric",
                        "sso-openid-connect",
                        "permission-offline",
                        "permission-online",
                        "permission-patient",
                        "permission-user",
                        "permission-v1",
                        "permission-v2"));
        try {
            document = mapper.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new SmartException("the SMART configuration cannot be written", e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.setContentLength(document.length);
        response.getOutputStream().write(document);
    }
}
