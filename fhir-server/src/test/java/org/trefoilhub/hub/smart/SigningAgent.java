package org.trefoilhub.hub.smart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The program beside a USB key, as {@code docs/certificate-login.md} wants it: signs what the hub's login page sends with
 * the key that is plugged in, and answers no other page. {@code PUT /key/NAME} plugs a key in, {@code PUT /key/} pulls it.
 */
public final class SigningAgent implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final String hub;
    private final Map<String, TestAuthority.Token> keys = new ConcurrentHashMap<>();
    private volatile TestAuthority.@Nullable Token plugged;

    private SigningAgent(HttpServer server, String hub) {
        this.server = server;
        this.hub = hub;
    }

    /** Starts on a free port of this computer, for one hub. */
    public static SigningAgent start(String hub) throws IOException {
        SigningAgent agent =
                new SigningAgent(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), hub);
        agent.server.createContext("/sign", agent::sign);
        agent.server.createContext("/key/", agent::plug);
        agent.server.start();
        return agent;
    }

    /** Where it listens. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A key that can be plugged in. */
    public void insert(String name, TestAuthority.Token key) {
        keys.put(name, key);
    }

    private void plug(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring("/key/".length());
        plugged = name.isEmpty() ? null : keys.get(name);
        answer(exchange, name.isEmpty() || plugged != null ? 204 : 404, null);
    }

    private void sign(HttpExchange exchange) throws IOException {
        if (!hub.equals(exchange.getRequestHeaders().getFirst("Origin"))) {
            answer(exchange, 403, Map.of("error", "another page"));
            return;
        }
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", hub);
        exchange.getResponseHeaders().set("Access-Control-Allow-Headers", "content-type");
        exchange.getResponseHeaders().set("Access-Control-Allow-Private-Network", "true");
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            answer(exchange, 204, null);
            return;
        }
        byte[] data = Base64.getDecoder()
                .decode(JSON.readTree(exchange.getRequestBody()).path("data").asText());
        TestAuthority.Token key = plugged;
        if (!new String(data, StandardCharsets.UTF_8).startsWith("TREFOIL-LOGIN\n" + hub + "\n")) {
            answer(exchange, 400, Map.of("error", "不是本系统的登录请求"));
        } else if (key == null) {
            answer(exchange, 409, Map.of("error", "请插入 USB-Key"));
        } else {
            answer(
                    exchange,
                    200,
                    Map.of(
                            "certificate",
                            key.certificateBase64(),
                            "chain",
                            List.of(),
                            "algorithm",
                            key.algorithm(),
                            "signature",
                            Base64.getEncoder().encodeToString(key.sign(data))));
        }
    }

    private static void answer(HttpExchange exchange, int status, @Nullable Object body) throws IOException {
        byte[] bytes = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
