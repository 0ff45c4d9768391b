package org.trefoilhub.hub.smart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.CookieStore;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person at a browser, as far as HTTP sees one: cookies, the login form, redirects one at a time. */
final class Browser {

    static final String VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789";
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
    private static final Pattern SCOPE = Pattern.compile("type=\"checkbox\" name=\"scope\"[^>]*value=\"([^\"]+)\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager(new SafeLocalhost(), CookiePolicy.ACCEPT_ALL))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** Sends secure cookies to {@code http://localhost} too, as browsers do. */
    private static final class SafeLocalhost implements CookieStore {
        private final CookieStore memory = new CookieManager().getCookieStore();

        @Override
        public void add(URI uri, HttpCookie cookie) {
            cookie.setSecure(false);
            memory.add(uri, cookie);
        }

        @Override
        public List<HttpCookie> get(URI uri) {
            return memory.get(uri);
        }

        @Override
        public List<HttpCookie> getCookies() {
            return memory.getCookies();
        }

        @Override
        public List<URI> getURIs() {
            return memory.getURIs();
        }

        @Override
        public boolean remove(URI uri, HttpCookie cookie) {
            return memory.remove(uri, cookie);
        }

        @Override
        public boolean removeAll() {
            return memory.removeAll();
        }
    }

    Browser(String base) {
        this.base = base;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    HttpResponse<String> post(String path, Map<String, String> form, String... headers) {
        return send("POST", path, encode(form), headers);
    }

    HttpResponse<String> send(String method, String path, String form, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path))
                .method(
                        method,
                        form == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(form));
        if (form != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends JSON. */
    HttpResponse<String> json(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    /** Fills in the login form and sends it. */
    HttpResponse<String> login(String user, String password) {
        String csrf = csrf(get("/login").body());
        return post("/login", Map.of("username", user, "password", password, "_csrf", csrf));
    }

    static String csrf(String html) {
        Matcher matcher = CSRF.matcher(html);
        if (!matcher.find()) {
            throw new IllegalStateException("the page has no CSRF token");
        }
        return matcher.group(1);
    }

    /** Address of an authorization request with PKCE. */
    static String authorize(String client, String redirect, String scope, String... more) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", client);
        query.put("redirect_uri", redirect);
        query.put("scope", scope);
        query.put("state", "s1");
        query.put("code_challenge", challenge(VERIFIER));
        query.put("code_challenge_method", "S256");
        for (int i = 0; i < more.length; i += 2) {
            if (more[i + 1].isEmpty()) {
                query.remove(more[i]);
            } else {
                query.put(more[i], more[i + 1]);
            }
        }
        return "/oauth2/authorize?" + encode(query);
    }

    /** Trades a code for tokens, as a public client. */
    HttpResponse<String> trade(String client, String redirect, String code, String verifier) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", client);
        form.put("redirect_uri", redirect);
        form.put("code", code);
        if (verifier != null) {
            form.put("code_verifier", verifier);
        }
        return post("/oauth2/token", form);
    }

    /** Logs in and obtains tokens; the whole flow, step by step. */
    JsonNode tokens(String user, String client, String redirect, String scope, String... more) {
        String authorize = authorize(client, redirect, scope, more);
        HttpResponse<String> first = get(authorize);
        String code;
        if (isTo(first, "/login")) {
            HttpResponse<String> logged = login(user, "trefoil-demo");
            code = parameter(agree(get(location(logged))), "code");
        } else {
            code = parameter(agree(first), "code");
        }
        return json(trade(client, redirect, code, VERIFIER));
    }

    /** Goes on to the page that an app's request leads to, and agrees to everything it asks. */
    HttpResponse<String> agree(HttpResponse<String> response) {
        HttpResponse<String> page = follow(response);
        return page.statusCode() == 200 ? decide(page, "allow", scopesOn(page)) : page;
    }

    /** Follows redirects as far as they stay with the app's request. */
    HttpResponse<String> follow(HttpResponse<String> response) {
        HttpResponse<String> page = response;
        while (isTo(page, "/login/app")) {
            page = get(location(page));
        }
        return page;
    }

    /** Answers the consent page. */
    HttpResponse<String> decide(HttpResponse<String> page, String decision, List<String> scopes) {
        List<String> pairs = new ArrayList<>(List.of(
                encode(Map.of("_csrf", csrf(page.body()), "state", hidden(page, "state"), "decision", decision))));
        scopes.forEach(scope -> pairs.add(encode(Map.of("scope", scope))));
        return send("POST", "/login/app", String.join("&", pairs));
    }

    /** The scopes that a consent page asks for. */
    static List<String> scopesOn(HttpResponse<String> page) {
        return SCOPE.matcher(page.body()).results().map(box -> box.group(1)).toList();
    }

    static String hidden(HttpResponse<String> page, String name) {
        Matcher matcher =
                Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(page.body());
        if (!matcher.find()) {
            throw new IllegalStateException("the page has no field " + name);
        }
        return matcher.group(1);
    }

    static boolean isTo(HttpResponse<String> response, String path) {
        return response.statusCode() == 302
                && URI.create(location(response)).getPath().equals(path);
    }

    static String location(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Location")
                .orElseThrow(() ->
                        new IllegalStateException("no redirect but " + response.statusCode() + " " + response.body()));
    }

    static String parameter(HttpResponse<String> response, String name) {
        String query = URI.create(location(response)).getRawQuery();
        for (String pair : query.split("&")) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        throw new IllegalStateException("no " + name + " in " + location(response));
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new IllegalStateException(response.statusCode() + " " + response.body(), e);
        }
    }

    static String basic(String client, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(Map<String, String> form) {
        List<String> pairs = new ArrayList<>();
        form.forEach((name, value) -> pairs.add(URLEncoder.encode(name, StandardCharsets.UTF_8) + "="
                + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return String.join("&", pairs);
    }
}
