package org.trefoilhub.hub.smart;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;

/**
 * The one cookie beside the bearer token, for what a browser loads without a header: video, thumbnails, documents.
 *
 * <p>HttpOnly, SameSite=Strict, set when one of the hub's own pages obtains a token, gone at logout. It counts for
 * {@code GET} on {@code /dicom-web} and {@code /fhir/Binary}, asked by the hub's own pages, and nowhere else. It is a
 * signed token of an audience of its own, so that no door takes it as a bearer token, and carries client, user, scopes
 * and login session of the token it was made from.
 */
final class SessionCookie {

    static final String NAME = "trefoil-session";

    /** Claim of the client; access tokens name it {@code client_id}, so the two are never mistaken. */
    static final String CLIENT = "azp";

    private static final List<String> PREFIXES = List.of("/dicom-web/", "/fhir/Binary/");

    private final SmartAddresses addresses;
    private final JwtEncoder encoder;
    private final Duration lifetime;
    private final Clock clock;

    SessionCookie(SmartAddresses addresses, JwtEncoder encoder, Duration lifetime, Clock clock) {
        this.addresses = addresses;
        this.encoder = encoder;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** Sets the cookie of a verified access token of a person. */
    void set(HttpServletResponse response, Jwt access) {
        Instant now = clock.instant();
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .issuer(addresses.publicUrl())
                .audience(List.of(addresses.cookieAudience()))
                .subject(access.getSubject())
                .issuedAt(now)
                .expiresAt(now.plus(lifetime))
                .claim(CLIENT, access.getClaimAsString(OAuth2ParameterNames.CLIENT_ID))
                .claim(OAuth2ParameterNames.SCOPE, access.getClaimAsString(OAuth2ParameterNames.SCOPE))
                .claim(TokenLedger.SID, access.getClaimAsString(TokenLedger.SID));
        String position = access.getClaimAsString(TokenLedger.POSITION);
        if (position != null) {
            claims.claim(TokenLedger.POSITION, position);
        }
        JwsHeader header = JwsHeader.with(SignatureAlgorithm.RS256).build();
        String value = encoder.encode(JwtEncoderParameters.from(header, claims.build()))
                .getTokenValue();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie(value, lifetime).toString());
    }

    /** Takes the cookie away. */
    void clear(HttpServletResponse response) {
        response.addHeader(HttpHeaders.SET_COOKIE, cookie("", Duration.ZERO).toString());
    }

    /** The cookie's value, or null when there is none or the request is not one it counts for. */
    static @Nullable String valueFor(HttpServletRequest request) {
        if (!"GET".equals(request.getMethod()) || PREFIXES.stream().noneMatch(Doors.path(request)::startsWith)) {
            return null;
        }
        // Apps at other ports of the same host are the same site; browsers tell them apart in this header.
        String fetchSite = request.getHeader("Sec-Fetch-Site");
        if (fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none")) {
            return null;
        }
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (NAME.equals(cookie.getName())) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }

    private ResponseCookie cookie(String value, Duration maxAge) {
        return ResponseCookie.from(NAME, value)
                .httpOnly(true)
                .secure(addresses.secure())
                .sameSite("Strict")
                .path("/")
                .maxAge(maxAge)
                .build();
    }
}
