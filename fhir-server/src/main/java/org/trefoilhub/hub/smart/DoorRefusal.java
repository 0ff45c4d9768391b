package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/**
 * Says no in the form of the door: an OperationOutcome at {@code /fhir}, problem details (RFC 9457) everywhere else,
 * always with {@code WWW-Authenticate} (RFC 6750) on 401. Bodies are made of fixed texts, never of input.
 */
final class DoorRefusal implements AuthenticationEntryPoint, AccessDeniedHandler {

    private final String canonical;

    DoorRefusal(String canonical) {
        this.canonical = canonical;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        boolean bad = failure instanceof OAuth2AuthenticationException;
        SmartErrorCode code = bad ? SmartErrorCode.BAD_TOKEN : SmartErrorCode.NO_TOKEN;
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE,
                bad
                        ? "Bearer realm=\"trefoil\", error=\"invalid_token\", error_description=\"" + code.message()
                                + "\""
                        : "Bearer realm=\"trefoil\"");
        answer(request, response, HttpServletResponse.SC_UNAUTHORIZED, "Unauthorized", "login", code);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
            throws IOException {
        answer(request, response, HttpServletResponse.SC_FORBIDDEN, "Forbidden", "forbidden", SmartErrorCode.FORBIDDEN);
    }

    private void answer(
            HttpServletRequest request,
            HttpServletResponse response,
            int status,
            String title,
            String issue,
            SmartErrorCode code)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        String body;
        response.setStatus(status);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (Doors.isUnder(Doors.path(request), "/fhir")) {
            response.setContentType("application/fhir+json;charset=UTF-8");
            body =
                    """
                    {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"%s",\
                    "details":{"coding":[{"system":"%s/CodeSystem/error-code","code":"%s"}]},"diagnostics":"%s"}]}"""
                            .formatted(issue, canonical, code.code(), code.message());
        } else {
            response.setContentType("application/problem+json");
            body = """
                    {"type":"about:blank","title":"%s","status":%d,"detail":"%s","code":"%s"}"""
                    .formatted(title, status, code.message(), code.code());
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setContentLength(bytes.length);
        if (!"HEAD".equals(request.getMethod())) {
            response.getOutputStream().write(bytes);
        }
    }
}
