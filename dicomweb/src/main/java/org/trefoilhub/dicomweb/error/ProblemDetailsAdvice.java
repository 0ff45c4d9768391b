package org.trefoilhub.dicomweb.error;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.dicom.io.DicomFormatException;

/**
 * Turns the failures of the DICOMweb doors into Problem Details (RFC 9457) with our code and a trace id.
 *
 * <p>Shows nothing of the request but what our own messages say. A client that went away gets no answer and no log line
 * above debug.
 */
@RestControllerAdvice(basePackages = "org.trefoilhub.dicomweb")
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemDetailsAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemDetailsAdvice.class);

    @ExceptionHandler(ArchiveException.class)
    void archive(ArchiveException e, HttpServletResponse response) throws IOException {
        write(
                response,
                e.code().httpStatus(),
                e.code().code(),
                e.getMessage(),
                e.code().httpStatus() >= 500 ? e : null);
    }

    @ExceptionHandler(MultipartException.class)
    void multipart(MultipartException e, HttpServletResponse response) throws IOException {
        write(response, e.code().httpStatus(), e.code().code(), e.getMessage(), null);
    }

    @ExceptionHandler(AccessDeniedException.class)
    void denied(AccessDeniedException e, HttpServletResponse response) throws IOException {
        write(response, 403, e.code().code(), e.getMessage(), null);
    }

    @ExceptionHandler(DicomFormatException.class)
    void format(DicomFormatException e, HttpServletResponse response) throws IOException {
        write(response, DicomwebErrorCode.DAMAGED_PIXELS.httpStatus(), e.code().code(), e.getMessage(), null);
    }

    @ExceptionHandler(HttpRequestMethodNotSupportedException.class)
    void method(HttpRequestMethodNotSupportedException e, HttpServletResponse response) throws IOException {
        if (e.getSupportedMethods() != null) {
            response.setHeader("Allow", String.join(", ", Objects.requireNonNull(e.getSupportedMethods())));
        }
        write(response, 405, DicomwebErrorCode.BAD_REQUEST.code(), "the method is not supported here", null);
    }

    @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
    void mediaType(HttpMediaTypeNotSupportedException e, HttpServletResponse response) throws IOException {
        DicomwebErrorCode code = DicomwebErrorCode.UNSUPPORTED_MEDIA_TYPE;
        write(response, code.httpStatus(), code.code(), "the media type of the body is not supported here", null);
    }

    @ExceptionHandler(HttpMediaTypeNotAcceptableException.class)
    void notAcceptable(HttpMediaTypeNotAcceptableException e, HttpServletResponse response) throws IOException {
        DicomwebErrorCode code = DicomwebErrorCode.NOT_ACCEPTABLE;
        write(response, code.httpStatus(), code.code(), "none of the accepted types can be given", null);
    }

    @ExceptionHandler(ServletRequestBindingException.class)
    void binding(ServletRequestBindingException e, HttpServletResponse response) throws IOException {
        DicomwebErrorCode code = DicomwebErrorCode.BAD_REQUEST;
        write(response, code.httpStatus(), code.code(), "a parameter or header is missing or malformed", null);
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    void database(RuntimeException e, HttpServletResponse response) throws IOException {
        DicomwebErrorCode code = DicomwebErrorCode.OUT_OF_RESOURCES;
        write(response, code.httpStatus(), code.code(), "the database of the archive does not answer", e);
    }

    @ExceptionHandler(IOException.class)
    void io(IOException e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (e.getClass().getName().contains("ClientAbort")) {
            LOG.debug("the client went away");
            return;
        }
        write(
                response,
                DicomwebErrorCode.INTERNAL.httpStatus(),
                DicomwebErrorCode.INTERNAL.code(),
                "the object cannot be read or written",
                e);
    }

    @ExceptionHandler(RuntimeException.class)
    void fault(RuntimeException e, HttpServletResponse response) throws IOException {
        write(
                response,
                DicomwebErrorCode.INTERNAL.httpStatus(),
                DicomwebErrorCode.INTERNAL.code(),
                "an internal fault; the trace id finds it in the log",
                e);
    }

    private static void write(
            HttpServletResponse response, int status, String code, @Nullable String detail, @Nullable Throwable cause)
            throws IOException {
        String traceId = traceId();
        if (cause != null) {
            LOG.error("{} answered with {} (trace {})", code, status, traceId, cause);
        }
        if (response.isCommitted()) {
            throw new IOException("the answer broke off (trace " + traceId + ")");
        }
        response.resetBuffer();
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("ETag", null);
        response.setHeader("Content-Encoding", null);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/problem+json");
        response.setCharacterEncoding("UTF-8");
        PrintWriter out = response.getWriter();
        out.print("{\"type\":\"about:blank\",\"title\":" + quote(title(status)) + ",\"status\":" + status
                + ",\"detail\":" + quote(detail) + ",\"code\":" + quote(code) + ",\"traceId\":" + quote(traceId) + "}");
        out.flush();
    }

    private static String traceId() {
        String traceId = MDC.get("traceId");
        return traceId == null ? UUID.randomUUID().toString().replace("-", "") : traceId;
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }

    private static String quote(@Nullable String nullable) {
        String text = Objects.requireNonNullElse(nullable, "");
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(' ');
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
