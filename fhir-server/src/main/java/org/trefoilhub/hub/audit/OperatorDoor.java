package org.trefoilhub.hub.audit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The door of operator commands, for this machine only: {@code POST /admin/audit/verify} with the token that this start of
 * the hub left in its home, readable by its own user. Everybody else meets the ordinary chains there.
 */
final class OperatorDoor extends OncePerRequestFilter
        implements ApplicationListener<WebServerInitializedEvent>, DisposableBean {

    /** Name of the file in the home: address and token, one a line. */
    static final String FILE = "operator";

    /** Where the chain is verified. */
    static final String VERIFY = "/admin/audit/verify";

    private final Path file;
    private final AuditSealer sealer;
    private final AuditVerifier verifier;
    private final String token;

    OperatorDoor(Path home, AuditSealer sealer, AuditVerifier verifier) {
        this.file = home.resolve(FILE);
        this.sealer = sealer;
        this.verifier = verifier;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.token = HexFormat.of().formatHex(random);
    }

    /** Says in the home where the hub listens. */
    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() != null) {
            return; // the management port
        }
        String address = event.getApplicationContext().getEnvironment().getProperty("server.address", "");
        String host = address.isBlank() || address.equals("0.0.0.0") ? "127.0.0.1" : address;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path draft = file.resolveSibling(FILE + ".new");
            Files.deleteIfExists(draft);
            if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
                Files.createFile(
                        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(
                    draft,
                    "http://" + host + ":" + event.getWebServer().getPort() + "\n" + token + "\n",
                    StandardOpenOption.CREATE);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the token of the operator cannot be left in the home", e);
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!request.getRequestURI().equals(VERIFY) || !isOperator(request)) {
            chain.doFilter(request, response);
            return;
        }
        if (!request.getMethod().equals("POST")) {
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        sealer.seal();
        AuditVerifier.Report report = verifier.verify();
        byte[] body = JsonMapper.builder().build().writeValueAsBytes(report);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private boolean isOperator(HttpServletRequest request) throws IOException {
        String header = request.getHeader("Authorization");
        boolean here = request.getRemoteAddr().equals(request.getLocalAddr())
                || InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
        return here
                && header != null
                && MessageDigest.isEqual(
                        header.getBytes(StandardCharsets.UTF_8), ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    /** The hub is gone; so is its token. */
    @Override
    public void destroy() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the token of the operator cannot be removed", e);
        }
    }
}
