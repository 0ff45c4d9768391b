package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Which addresses belong to which chain, by explicit comparison of the decoded path: two servlets share the hub, and
 * pattern matchers of either would misread the other's. The firewall before the chains has refused paths with encoded
 * slashes, dots or semicolons.
 */
final class Doors {

    /** Prefixes that a token opens. */
    static final List<String> TOKEN = List.of(
            "/fhir",
            "/dicom-web",
            "/ws",
            "/iid",
            "/cds-services",
            "/events",
            "/websocket",
            "/actuator",
            "/admin",
            SmartAddresses.LAUNCH);

    /** Prefixes of the browser session. */
    static final List<String> SESSION = List.of("/oauth2", "/login", "/logout", "/.well-known");

    /** Pages and their files, open to everybody. */
    static final List<String> PAGES = List.of("/console", "/viewer", "/ig");

    private Doors() {}

    static String path(HttpServletRequest request) {
        String pathInfo = request.getPathInfo();
        return pathInfo == null ? request.getServletPath() : request.getServletPath() + pathInfo;
    }

    /** Addresses of the browser session, but for the one below them that a token opens. */
    static boolean isSession(HttpServletRequest request) {
        String path = path(request);
        return !path.equals(SmartAddresses.LAUNCH) && SESSION.stream().anyMatch(prefix -> isUnder(path, prefix));
    }

    static RequestMatcher under(List<String> prefixes) {
        return request -> {
            String path = path(request);
            return prefixes.stream().anyMatch(prefix -> isUnder(path, prefix));
        };
    }

    static boolean isUnder(String path, String prefix) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** What answers without identity, of the doors that otherwise need one. */
    static boolean isOpen(HttpServletRequest request) {
        String path = path(request);
        return switch (request.getMethod()) {
            case "OPTIONS" -> true;
            case "GET", "HEAD" ->
                path.equals("/fhir/metadata")
                        || isUnder(path, "/fhir/.well-known")
                        || path.equals("/cds-services")
                        || path.equals("/cds-services/")
                        || isUnder(path, "/actuator/health");
            default -> false;
        };
    }

    /** Pages: the entry, the static files, what browsers ask on their own. */
    static boolean isPage(HttpServletRequest request) {
        String path = path(request);
        boolean reads = request.getMethod().equals("GET")
                || request.getMethod().equals("HEAD")
                || request.getMethod().equals("OPTIONS");
        return reads
                && (path.equals("/")
                        || path.equals("/index.html")
                        || path.equals("/favicon.ico")
                        || path.equals("/robots.txt")
                        || PAGES.stream().anyMatch(prefix -> isUnder(path, prefix)));
    }
}
