package org.trefoilhub.hub.audit;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UrlPathHelper;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/**
 * Stands before every HTTP door, also before the security chains: each request gets a trace id, and its event is durable
 * before the first byte of the answer leaves. When that fails, the answer is 503 and nothing else.
 *
 * <p>The trace id is that of header {@code X-Request-Id}, or a new one; the answer carries it.
 */
public final class AuditFilter extends OncePerRequestFilter {

    /** Header of the trace id. */
    static final String TRACE_HEADER = "X-Request-Id";

    private static final Pattern TRACE = Pattern.compile("[A-Za-z0-9.\\-_]{1,64}");
    private static final String MDC_KEY = "traceId";

    private final AuditTrail trail;
    private final SubjectProvider subjects;
    private final HttpEvents events;

    AuditFilter(AuditTrail trail, SubjectProvider subjects, HttpEvents events) {
        this.trail = trail;
        this.subjects = subjects;
        this.events = events;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = UrlPathHelper.defaultInstance.getPathWithinApplication(request);
        String traceId = traceId(request);
        RequestAudit audit = new RequestAudit(request, subjects, traceId, path);
        response.setHeader(TRACE_HEADER, traceId);
        AuditedResponse answer = new AuditedResponse(response, path, status -> record(audit, status));
        audit.bind();
        MDC.put(MDC_KEY, traceId);
        try {
            chain.doFilter(new TracedRequest(request, traceId), answer);
        } catch (IOException | ServletException | RuntimeException e) {
            answer.finish(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            throw e;
        } finally {
            MDC.remove(MDC_KEY);
            RequestAudit.unbind();
        }
        if (request.isAsyncStarted()) {
            request.getAsyncContext().addListener(new AtTheEnd(answer));
        } else {
            answer.finish(answer.getStatus());
        }
    }

    private void record(RequestAudit audit, int status) {
        List<AuditRecord> happened = events.of(audit, status);
        if (!happened.isEmpty()) {
            trail.record(happened.stream().map(audit::complete).toList());
        }
    }

    private static String traceId(HttpServletRequest request) {
        String given = request.getHeader(TRACE_HEADER);
        return given != null && TRACE.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString().replace("-", "");
    }

    /** Shows the trace id to everyone behind as if the client had sent it. */
    private static final class TracedRequest extends HttpServletRequestWrapper {

        private final String traceId;

        TracedRequest(HttpServletRequest request, String traceId) {
            super(request);
            this.traceId = traceId;
        }

        @Override
        public @Nullable String getHeader(String name) {
            return TRACE_HEADER.equalsIgnoreCase(name) ? traceId : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return TRACE_HEADER.equalsIgnoreCase(name)
                    ? Collections.enumeration(List.of(traceId))
                    : super.getHeaders(name);
        }
    }

    private record AtTheEnd(AuditedResponse answer) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            answer.finish(answer.getStatus());
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            answer.finish(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }

        @Override
        public void onError(AsyncEvent event) {
            answer.finish(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
