package org.trefoilhub.hub.app;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Answers what no door takes up (unknown addresses, wrong methods) with Problem Details of fixed texts. The framework's own
 * ones repeat the address, and somebody may have put a patient's number into it.
 *
 * <p>Spec: RFC 9457.
 */
@RestControllerAdvice
class AddressProblems extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(AddressProblems.class);

    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception thrown, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HubErrorCode code = HubErrorCode.ofStatus(status.value());
        if (status.is5xxServerError()) {
            log.error("{} answered with {}", code.code(), status.value(), thrown);
        }
        HttpStatus known = HttpStatus.resolve(status.value());
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", known == null ? "Error" : known.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", code.message());
        problem.put("code", code.code());
        HttpHeaders all = new HttpHeaders();
        all.addAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(problem, all, status);
    }
}
