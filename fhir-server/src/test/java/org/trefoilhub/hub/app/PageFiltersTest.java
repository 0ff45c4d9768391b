package org.trefoilhub.hub.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class PageFiltersTest {

    private static final URI PUBLIC = URI.create("http://localhost:8080");

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/console", "/console/", "/console/patients/1", "/viewer/viewer", "/login", "/ig/index.html"
            })
    void shouldSendPagesToThePublicName(String path) throws Exception {
        for (String method : new String[] {"GET", "HEAD"}) {
            for (String host : new String[] {"127.0.0.1", "[::1]"}) {
                assertThat(location(PUBLIC, method, host, path, null)).isEqualTo("http://localhost:8080" + path);
            }
        }
    }

    /** A login that begins under one name must end under it: the session that remembers the application is a cookie. */
    @Test
    void shouldSendTheBeginningOfALoginToThePublicName() throws Exception {
        assertThat(location(PUBLIC, "GET", "127.0.0.1", "/oauth2/authorize", "client_id=x&state=a%20b"))
                .isEqualTo("http://localhost:8080/oauth2/authorize?client_id=x&state=a%20b");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/fhir/Patient",
        "GET,/fhir/metadata",
        "GET,/dicom-web/studies",
        "POST,/dicom-web/studies",
        "POST,/oauth2/token",
        "GET,/oauth2/jwks",
        "GET,/.well-known/smart-configuration",
        "GET,/cds-services",
        "GET,/actuator/health",
        "GET,/consoles",
        "GET,/igloo",
        "POST,/login",
        "OPTIONS,/console/",
    })
    void shouldLeaveInterfacesAlone(String method, String path) throws Exception {
        assertThat(location(PUBLIC, method, "127.0.0.1", path, null)).isNull();
    }

    @Test
    void shouldLeaveThePublicNameAlone() throws Exception {
        assertThat(location(PUBLIC, "GET", "localhost", "/console/", null)).isNull();
        assertThat(location(PUBLIC, "GET", "hub.hospital.example", "/console/", null))
                .isNull();
        assertThat(location(URI.create("http://127.0.0.1:8080"), "GET", "127.0.0.1", "/console/", null))
                .isNull();
    }

    /** Where the filter sends the request, null when it lets it pass. */
    private static String location(URI publicUrl, String method, String host, String path, String query)
            throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest(method, path);
        request.setServerName(host);
        request.setQueryString(query);
        MockHttpServletResponse response = new MockHttpServletResponse();
        MockFilterChain chain = new MockFilterChain();
        new PageFilters.LoopbackPageFilter(publicUrl).doFilter(request, response, chain);
        boolean passed = chain.getRequest() != null;
        assertThat(response.getStatus()).isEqualTo(passed ? 200 : 302);
        assertThat(response.getHeader("Location") == null).isEqualTo(passed);
        return response.getHeader("Location");
    }
}
