package org.trefoilhub.hub.audit;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/**
 * What is known of one HTTP request while it is served; the doors add to it, and the filter makes events of it. Thread-safe:
 * a request may be worked on by several threads.
 */
final class RequestAudit {

    private static final String ATTRIBUTE = RequestAudit.class.getName();
    private static final ThreadLocal<@Nullable RequestAudit> CURRENT = new ThreadLocal<>();

    private final HttpServletRequest request;
    private final SubjectProvider subjects;
    private final String traceId;
    private final String path;

    /** What FHIR made of the request. */
    record Interaction(String code, @Nullable String type, @Nullable String id, @Nullable String operation) {}

    private volatile @Nullable Interaction interaction;
    private volatile @Nullable String reason;
    private volatile @Nullable Action intent;
    private volatile @Nullable String user;
    private final AtomicBoolean written = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private final Set<String> patients = ConcurrentHashMap.newKeySet();
    private final Set<String> resources = ConcurrentHashMap.newKeySet();
    private final Set<String> studies = ConcurrentHashMap.newKeySet();
    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private final Set<String> policies = ConcurrentHashMap.newKeySet();
    private final List<AuditRecord> inner = new CopyOnWriteArrayList<>();

    RequestAudit(HttpServletRequest request, SubjectProvider subjects, String traceId, String path) {
        this.request = request;
        this.subjects = subjects;
        this.traceId = traceId;
        this.path = path;
        request.setAttribute(ATTRIBUTE, this);
    }

    /** The request that this thread serves. */
    static Optional<RequestAudit> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The audit of a request, from whatever thread. */
    static Optional<RequestAudit> of(@Nullable HttpServletRequest request) {
        return request == null ? Optional.empty() : Optional.ofNullable((RequestAudit) request.getAttribute(ATTRIBUTE));
    }

    void bind() {
        CURRENT.set(this);
    }

    static void unbind() {
        CURRENT.remove();
    }

    HttpServletRequest request() {
        return request;
    }

    /** Path without context and encoding. */
    String path() {
        return path;
    }

    String traceId() {
        return traceId;
    }

    Optional<Subject> subject() {
        return subjects.of(request);
    }

    @Nullable
    Interaction interaction() {
        return interaction;
    }

    void interaction(Interaction found) {
        interaction = found;
    }

    @Nullable
    String reason() {
        return reason;
    }

    void reason(@Nullable String code) {
        reason = code;
    }

    /** What a request that may view does besides, such as printing; null for viewing. */
    @Nullable
    Action intent() {
        return intent;
    }

    void intent(Action beyondViewing) {
        intent = beyondViewing;
    }

    /** The person behind a token request. */
    @Nullable
    String user() {
        return user;
    }

    void user(@Nullable String name) {
        user = name;
    }

    /** Whether an event of this request is part of the transaction of its write. */
    boolean written() {
        return written.get();
    }

    void markWritten() {
        written.set(true);
    }

    /** Whether somebody else has told the audit of this request. */
    boolean told() {
        return told.get();
    }

    void markTold() {
        told.set(true);
    }

    Set<String> patients() {
        return patients;
    }

    void addPatients(Collection<String> references) {
        patients.addAll(references);
    }

    Set<String> resources() {
        return resources;
    }

    void addResource(String reference) {
        resources.add(reference);
    }

    Set<String> studies() {
        return studies;
    }

    void addStudies(Collection<String> uids) {
        studies.addAll(uids);
    }

    /** A study whose patient is known already. */
    void addStudy(String uid, @Nullable String patient) {
        if (patient != null) {
            patients.add(patient);
        }
        named.add(uid);
        studies.add(uid);
    }

    /** The studies whose patients are still to be found. */
    Set<String> studiesToLookUp() {
        if (named.isEmpty()) {
            return studies;
        }
        Set<String> open = new HashSet<>(studies);
        open.removeAll(named);
        return open;
    }

    Set<String> policies() {
        return policies;
    }

    void addPolicies(Collection<String> references) {
        policies.addAll(references);
    }

    /** Events of the parts of a batch. */
    List<AuditRecord> inner() {
        return inner;
    }

    void addInner(AuditRecord event) {
        inner.add(event);
    }

    /** An event with what is known of this request, where it says nothing itself. */
    AuditRecord complete(AuditRecord event) {
        boolean named = event.client() != null || event.user() != null;
        if (named && event.traceId() != null && event.address() != null) {
            return event;
        }
        AuditRecord.Builder whole = event.with();
        if (event.traceId() == null) {
            whole.traceId(traceId);
        }
        if (event.address() == null) {
            whole.address(request.getRemoteAddr());
        }
        if (event.client() == null && event.user() == null) {
            subject().ifPresent(whole::subject);
        }
        return whole.build();
    }
}
