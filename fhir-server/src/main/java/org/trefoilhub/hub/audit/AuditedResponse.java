package org.trefoilhub.hub.audit;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.audit.AuditErrorCode;
import org.trefoilhub.access.audit.AuditException;

/**
 * Lets nothing out before the audit has its event. The event is recorded at the first byte, flush, redirect or error, or
 * at the end; by then the doors have said everything that the event holds. If it cannot be recorded the answer becomes a
 * 503, and what the door still writes is thrown away.
 */
final class AuditedResponse extends HttpServletResponseWrapper {

    private static final Logger log = LoggerFactory.getLogger(AuditedResponse.class);

    private enum State {
        OPEN,
        RECORDED,
        REFUSED
    }

    private final String path;
    private final IntConsumer recorder;
    private State state = State.OPEN;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    /**
     * Stands before a response.
     *
     * @param recorder records the event of an answer with a status, or throws {@link AuditException}
     */
    AuditedResponse(HttpServletResponse response, String path, IntConsumer recorder) {
        super(response);
        this.path = path;
        this.recorder = recorder;
    }

    /** Records what has not been recorded yet. */
    void finish(int status) {
        mayLeave(status);
    }

    private synchronized boolean mayLeave(int status) {
        if (state == State.OPEN) {
            try {
                recorder.accept(status);
                state = State.RECORDED;
            } catch (AuditException e) {
                state = State.REFUSED;
                log.error(
                        "{} a request is answered with 503 because its audit event is not durable",
                        e.code().code());
                refuse();
            }
        }
        return state == State.RECORDED;
    }

    private void refuse() {
        HttpServletResponse plain = (HttpServletResponse) getResponse();
        if (plain.isCommitted()) {
            return;
        }
        plain.reset();
        plain.setStatus(SC_SERVICE_UNAVAILABLE);
        plain.setHeader("Cache-Control", "no-store");
        String code = AuditErrorCode.UNAVAILABLE.code();
        String text = "the audit cannot take the event of this request, so it is not answered";
        String body;
        if (path.equals("/fhir") || path.startsWith("/fhir/")) {
            plain.setContentType("application/fhir+json;charset=UTF-8");
            body =
                    """
                    {"resourceType":"OperationOutcome","issue":[{"severity":"fatal","code":"no-store",\
                    "details":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/error-code","code":"%s"}]},\
                    "diagnostics":"%s"}]}"""
                            .formatted(code, text);
        } else {
            plain.setContentType("application/problem+json");
            body = "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"" + text
                    + "\",\"code\":\"" + code + "\"}";
        }
        try {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            plain.setContentLength(bytes.length);
            plain.getOutputStream().write(bytes);
            plain.flushBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException("the refusal cannot be sent", e);
        }
    }

    private synchronized boolean refused() {
        return state == State.REFUSED;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream open = stream;
        if (open == null) {
            open = new AuditedStream(refused() ? null : super.getOutputStream());
            stream = open;
        }
        return open;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter open = writer;
        if (open == null) {
            open = new PrintWriter(new AuditedWriter(refused() ? null : super.getWriter()));
            writer = open;
        }
        return open;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (mayLeave(getStatus())) {
            super.flushBuffer();
        }
    }

    @Override
    public void sendError(int status) throws IOException {
        if (mayLeave(status)) {
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        if (mayLeave(status)) {
            super.sendError(status, message);
        }
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        if (mayLeave(SC_FOUND)) {
            super.sendRedirect(location);
        }
    }

    @Override
    public void reset() {
        if (!refused()) {
            super.reset();
            stream = null;
            writer = null;
        }
    }

    @Override
    public void resetBuffer() {
        if (!refused()) {
            super.resetBuffer();
        }
    }

    @Override
    public void setStatus(int status) {
        if (!refused()) {
            super.setStatus(status);
        }
    }

    private final class AuditedStream extends ServletOutputStream {

        private final @Nullable ServletOutputStream out;

        AuditedStream(@Nullable ServletOutputStream out) {
            this.out = out;
        }

        private @Nullable ServletOutputStream open() {
            return mayLeave(getStatus()) ? out : null;
        }

        @Override
        public void write(int b) throws IOException {
            ServletOutputStream to = open();
            if (to != null) {
                to.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            ServletOutputStream to = open();
            if (to != null) {
                to.write(bytes, from, length);
            }
        }

        @Override
        public void flush() throws IOException {
            ServletOutputStream to = open();
            if (to != null) {
                to.flush();
            }
        }

        @Override
        public void close() throws IOException {
            ServletOutputStream to = open();
            if (to != null) {
                to.close();
            }
        }

        @Override
        public boolean isReady() {
            return out == null || out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            if (out != null) {
                out.setWriteListener(listener);
            }
        }
    }

    private final class AuditedWriter extends Writer {

        private final @Nullable PrintWriter out;

        AuditedWriter(@Nullable PrintWriter out) {
            this.out = out;
        }

        private @Nullable PrintWriter open() {
            return mayLeave(getStatus()) ? out : null;
        }

        @Override
        public void write(char[] characters, int from, int length) {
            PrintWriter to = open();
            if (to != null) {
                to.write(characters, from, length);
            }
        }

        @Override
        public void flush() {
            PrintWriter to = open();
            if (to != null) {
                to.flush();
            }
        }

        @Override
        public void close() {
            PrintWriter to = open();
            if (to != null) {
                to.close();
            }
        }
    }
}
