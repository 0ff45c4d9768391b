package org.trefoilhub.hub.smart;

import java.util.List;

/**
 * The addresses and audiences that the one public base address leads to.
 *
 * @param publicUrl public base address, the issuer; no trailing slash
 */
record SmartAddresses(String publicUrl) {

    static final String AUTHORIZE = "/oauth2/authorize";
    static final String TOKEN = "/oauth2/token";
    static final String JWKS = "/oauth2/jwks";
    static final String INTROSPECT = "/oauth2/introspect";
    static final String REVOKE = "/oauth2/revoke";
    static final String USERINFO = "/oauth2/userinfo";
    static final String END_SESSION = "/oauth2/logout";
    static final String LAUNCH = "/oauth2/launch";
    static final String STYLE = "/oauth2/smart-style.json";
    static final String CLIENT_KEYS = "/oauth2/client/jwks";
    static final String LOGIN = "/login";
    static final String LOGOUT = "/logout";
    static final String CHOOSE_POSITION = "/login/position";
    static final String APP = "/login/app";

    String at(String path) {
        return publicUrl + path;
    }

    String fhirBase() {
        return publicUrl + "/fhir";
    }

    /** Audiences of an access token: the doors share one identity. */
    List<String> tokenAudience() {
        return List.of(fhirBase(), publicUrl + "/dicom-web", publicUrl);
    }

    /** Audience of the cookie beside the token; no door takes it as a bearer token. */
    String cookieAudience() {
        return publicUrl + "/#session-cookie";
    }

    /** Whether a client's SMART {@code aud} means this hub. */
    boolean isOurs(String aud) {
        String trimmed = aud.endsWith("/") ? aud.substring(0, aud.length() - 1) : aud;
        return trimmed.equals(publicUrl) || trimmed.equals(fhirBase());
    }

    boolean secure() {
        return publicUrl.startsWith("https:");
    }
}
