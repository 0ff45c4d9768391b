package org.trefoilhub.hub.app;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What the pages need around them: one host name, cross-origin isolation for the viewer, and access for browser
 * applications of other origins.
 *
 * <p>All run before the security chains, because the login page is a page too.
 */
@Configuration(proxyBeanMethods = false)
class PageFilters {

    /** Addresses that browser applications of other origins may call. */
    private static final List<String> CROSS_ORIGIN = List.of(
            "/fhir",
            "/dicom-web",
            "/oauth2/token",
            "/oauth2/jwks",
            "/oauth2/revoke",
            "/oauth2/introspect",
            "/oauth2/userinfo",
            "/oauth2/smart-style.json",
            "/.well-known",
            "/cds-services");

    @Bean
    FilterRegistrationBean<OncePerRequestFilter> loopbackPageFilter(HubProperties hub) {
        FilterRegistrationBean<OncePerRequestFilter> filter =
                new FilterRegistrationBean<>(new LoopbackPageFilter(hub.publicUrl()));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return filter;
    }

    /**
     * Lets browser applications of other origins call the interfaces with a bearer token. Credentials that a browser
     * adds by itself (cookies) are never allowed across origins.
     */
    @Bean
    FilterRegistrationBean<CorsFilter> crossOriginFilter() {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(List.of(CorsConfiguration.ALL));
        cors.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
        cors.setAllowedHeaders(List.of(
                "Authorization",
                "Accept",
                "Content-Type",
                "If-Match",
                "If-None-Match",
                "If-None-Exist",
                "If-Modified-Since",
                "Prefer",
                "Range",
                "X-Requested-With"));
        cors.setExposedHeaders(List.of(
                "Location", "Content-Location", "ETag", "Last-Modified", "Link", "Warning", "WWW-Authenticate"));
        cors.setMaxAge(Duration.ofHours(1));
        // By explicit comparison: pattern matchers do not see the prefix of a path that belongs to HAPI's servlet.
        CorsConfigurationSource source =
                request -> CROSS_ORIGIN.stream().anyMatch(path -> isUnder(request.getRequestURI(), path)) ? cors : null;
        FilterRegistrationBean<CorsFilter> filter = new FilterRegistrationBean<>(new CorsFilter(source));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 12);
        return filter;
    }

    private static boolean isUnder(String path, String prefix) {
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }

    @Bean
    FilterRegistrationBean<OncePerRequestFilter> viewerIsolationFilter() {
        FilterRegistrationBean<OncePerRequestFilter> filter = new FilterRegistrationBean<>(new ViewerIsolationFilter());
        filter.addUrlPatterns("/viewer/*", "/viewer");
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 11);
        return filter;
    }

    /**
     * Sends browsers that came by {@code 127.0.0.1} to the public host name, because cookies, redirects and PKCE belong
     * to one origin. Interfaces for programs answer under both names.
     */
    static final class LoopbackPageFilter extends OncePerRequestFilter {

        private static final List<String> PAGES = List.of("/console", "/viewer", "/ig", "/login");
        private final URI publicUrl;

        LoopbackPageFilter(URI publicUrl) {
            this.publicUrl = publicUrl;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (isPage(request) && isOtherLoopbackName(request.getServerName())) {
                String query = request.getQueryString();
                response.setStatus(HttpServletResponse.SC_FOUND);
                response.setHeader(
                        HttpHeaders.LOCATION, publicUrl + request.getRequestURI() + (query == null ? "" : "?" + query));
                return;
            }
            chain.doFilter(request, response);
        }

        private boolean isOtherLoopbackName(String host) {
            return (host.equals("127.0.0.1") || host.equals("[::1]") || host.equals("::1"))
                    && !host.equals(publicUrl.getHost());
        }

        private static boolean isPage(HttpServletRequest request) {
            if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
                return false;
            }
            String path = request.getRequestURI();
            if (path.equals("/oauth2/authorize")) {
                return true;
            }
            return path.equals("/")
                    || PAGES.stream().anyMatch(page -> path.equals(page) || path.startsWith(page + "/"));
        }
    }

    /** Cross-origin isolation, which shared memory in the viewer's decoders needs. */
    static final class ViewerIsolationFilter extends OncePerRequestFilter {
        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
            response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
            response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
            chain.doFilter(request, response);
        }
    }
}
