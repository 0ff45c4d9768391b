package org.trefoilhub.hub.audit;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;

/**
 * Makes events of HTTP requests: one for each request at a door, and one for each part of a batch. Open pages and files
 * leave none unless somebody is turned away there; a write whose event is part of its transaction needs no second one.
 */
final class HttpEvents {

    private static final int MAX_QUERY = 60_000;
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");
    private static final Set<String> TOKEN_PATHS = Set.of("/oauth2/token", "/oauth2/introspect", "/oauth2/revoke");
    private static final List<String> OTHER_DOORS =
            List.of("/ws", "/iid", "/cds-services", "/events", "/websocket", "/admin");

    private final Function<Set<String>, Set<String>> patientsOfStudies;

    /**
     * Makes events.
     *
     * @param patientsOfStudies references of the patients of studies, by Study Instance UID
     */
    HttpEvents(Function<Set<String>, Set<String>> patientsOfStudies) {
        this.patientsOfStudies = patientsOfStudies;
    }

    /** The events of a request that is about to be answered with a status. */
    List<AuditRecord> of(RequestAudit audit, int status) {
        String path = audit.path();
        List<AuditRecord> events = new ArrayList<>(audit.inner());
        Optional<AuditRecord> own;
        if (isUnder(path, "/fhir")) {
            own = fhir(audit, status);
        } else if (isUnder(path, "/dicom-web")) {
            own = dicomweb(audit, status);
        } else if (TOKEN_PATHS.contains(path)) {
            own = Optional.of(token(audit, status));
        } else {
            own = other(audit, status);
        }
        own.ifPresent(events::add);
        return events;
    }

    static boolean isUnder(String path, String prefix) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private static Optional<AuditRecord> fhir(RequestAudit audit, int status) {
        HttpServletRequest request = audit.request();
        String path = audit.path();
        boolean open = request.getMethod().equals("OPTIONS")
                || path.equals("/fhir/metadata")
                || isUnder(path, "/fhir/.well-known");
        if (open && status < 400) {
            return Optional.empty();
        }
        RequestAudit.Interaction interaction = audit.interaction();
        if (interaction == null) {
            interaction = guess(request.getMethod(), path);
        }
        if (status < 400 && audit.written() && WRITES.contains(interaction.code())) {
            return Optional.empty();
        }
        AuditCode subtype = AuditCode.interaction(interaction.code());
        Action intent = audit.intent() != null ? audit.intent() : intent(request);
        AuditCode type = AuditCode.REST;
        if ("AuditEvent".equals(interaction.type())) {
            type = AuditCode.AUDIT_LOG_USED;
        } else if ("$export".equals(interaction.operation()) || leaves(intent)) {
            type = AuditCode.EXPORT;
        }
        AuditRecord.Builder event = AuditRecord.of(type, action(interaction.code()))
                .door("$export".equals(interaction.operation()) ? Door.FHIR_BULK : Door.FHIR_REST);
        beyondViewing(event, intent);
        event.subtype(subtype);
        if (interaction.operation() != null) {
            event.detail("operation", interaction.operation());
        }
        if (interaction.type() != null) {
            if (interaction.id() != null) {
                event.resource(interaction.type() + "/" + interaction.id());
            } else {
                event.detail("type", interaction.type());
            }
        }
        audit.resources().forEach(event::resource);
        event.patients(audit.patients()).policies(audit.policies());
        if (interaction.type() != null
                && interaction.id() != null
                && interaction.type().equals("Patient")) {
            event.patient("Patient/" + interaction.id());
        }
        boolean asks = interaction.code().startsWith("search")
                || interaction.code().startsWith("history")
                || interaction.code().equals("operation");
        if (asks || request.getQueryString() != null) {
            event.query(query(audit));
        }
        return Optional.of(ended(event, audit, status).build());
    }

    /** The action of a RESTful interaction, as BALP has it. */
    static AuditAction action(String interaction) {
        return switch (interaction) {
            case "create" -> AuditAction.CREATE;
            case "update", "patch" -> AuditAction.UPDATE;
            case "delete" -> AuditAction.DELETE;
            case "read", "vread", "history-instance" -> AuditAction.READ;
            default -> AuditAction.EXECUTE;
        };
    }

    /** What a request asked for that was turned away before FHIR read it. */
    private static RequestAudit.Interaction guess(String method, String path) {
        String[] parts = path.split("/");
        String type = parts.length > 2 && !parts[2].startsWith("$") && !parts[2].startsWith("_") ? parts[2] : null;
        boolean byId = parts.length > 3 && !parts[3].startsWith("$") && !parts[3].startsWith("_");
        String id = byId && parts[3].length() <= 64 ? parts[3] : null;
        if (path.contains("/$")) {
            String operation = path.substring(path.lastIndexOf("/$") + 1);
            return new RequestAudit.Interaction("operation", type, id, AuditContent.cut(operation, 64));
        }
        String code =
                switch (method) {
                    case "POST" -> path.endsWith("/_search") ? "search-type" : type == null ? "transaction" : "create";
                    case "PUT" -> "update";
                    case "PATCH" -> "patch";
                    case "DELETE" -> "delete";
                    default -> byId ? "read" : type == null ? "search-system" : "search-type";
                };
        return new RequestAudit.Interaction(code, type == null ? null : AuditContent.cut(type, 64), id, null);
    }

    private Optional<AuditRecord> dicomweb(RequestAudit audit, int status) {
        HttpServletRequest request = audit.request();
        String method = request.getMethod();
        if (method.equals("OPTIONS") && status < 400) {
            return Optional.empty();
        }
        String[] parts = audit.path().split("/");
        int last = parts.length - 1;
        boolean search = last >= 2 && Set.of("studies", "series", "instances").contains(parts[last]);
        String study = last >= 3 && parts[2].equals("studies") ? AuditContent.cut(parts[3], 64) : null;
        if (study == null && isUnder(audit.path(), "/dicom-web/wado")) {
            String named = request.getParameter("studyUID");
            study = named == null ? null : AuditContent.cut(named, 64);
        }
        Action intent = audit.intent() != null ? audit.intent() : intent(request);
        AuditRecord.Builder event;
        if (method.equals("DELETE")) {
            event = door(AuditCode.INSTANCES_ACCESSED, AuditAction.DELETE, Door.DICOMWEB_STOW, null);
        } else if (method.equals("POST") || method.equals("PUT")) {
            event = door(AuditCode.INSTANCES_TRANSFERRED, AuditAction.CREATE, Door.DICOMWEB_STOW, null);
        } else if (search) {
            event = door(AuditCode.QUERY, AuditAction.EXECUTE, Door.DICOMWEB_QIDO, null)
                    .query(query(audit));
        } else {
            AuditCode type = leaves(intent) ? AuditCode.EXPORT : AuditCode.INSTANCES_ACCESSED;
            event = door(type, AuditAction.READ, Door.DICOMWEB_WADO, intent).query(query(audit));
        }
        // What a search or a store has touched is many studies; their patients are named, and the study of the address.
        Set<String> touched = audit.studies();
        if (study == null && touched.size() == 1) {
            study = touched.iterator().next();
        }
        event.study(study);
        event.patients(audit.patients());
        Set<String> open = audit.studiesToLookUp();
        if (!open.isEmpty()) {
            event.patients(patientsOfStudies.apply(open));
        }
        return Optional.of(ended(event, audit, status).build());
    }

    private static AuditRecord.Builder door(AuditCode type, AuditAction action, Door door, @Nullable Action intent) {
        AuditRecord.Builder event = AuditRecord.of(type, action).door(door);
        beyondViewing(event, intent);
        return event.subtype(AuditCode.hub(door.code(), door.code()));
    }

    private static void beyondViewing(AuditRecord.Builder event, @Nullable Action intent) {
        if (intent == null) {
            return;
        }
        switch (intent) {
            case PRINT -> event.subtype(AuditCode.PRINT);
            case DOWNLOAD -> event.subtype(AuditCode.DOWNLOAD);
            case EXPORT, SHARE -> event.subtype(AuditCode.hub(intent.code(), intent.code()));
            default -> {
                // Viewing is what the event says anyway.
            }
        }
    }

    private static boolean leaves(@Nullable Action intent) {
        return intent == Action.DOWNLOAD || intent == Action.EXPORT || intent == Action.SHARE;
    }

    private static @Nullable Action intent(HttpServletRequest request) {
        String query = request.getQueryString();
        if (query == null || !query.contains("action=")) {
            return null;
        }
        for (String part : query.split("&")) {
            if (part.startsWith("action=") || part.startsWith("_action=")) {
                return Action.ofCode(part.substring(part.indexOf('=') + 1)).orElse(null);
            }
        }
        return null;
    }

    private static AuditRecord token(RequestAudit audit, int status) {
        HttpServletRequest request = audit.request();
        AuditRecord.Builder event = AuditRecord.of(AuditCode.USER_AUTHENTICATION, AuditAction.EXECUTE)
                .subtype(AuditCode.TOKEN)
                .detail("path", audit.path());
        String grant = request.getParameter("grant_type");
        if (grant != null) {
            event.detail("grant_type", AuditContent.cut(grant, 100));
        }
        String client = client(request);
        if (client != null) {
            if (status < 400) {
                event.client(client).user(audit.user());
            } else {
                event.detail("claimed-client", AuditContent.cut(client, 200));
            }
        }
        return ended(event, audit, status).build();
    }

    private static @Nullable String client(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header != null && header.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                return pair.contains(":") ? pair.substring(0, pair.indexOf(':')) : pair;
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return request.getParameter("client_id");
    }

    private static Optional<AuditRecord> other(RequestAudit audit, int status) {
        String path = audit.path();
        boolean door = OTHER_DOORS.stream().anyMatch(prefix -> isUnder(path, prefix));
        boolean listed = path.equals("/cds-services") && status < 400;
        boolean turnedAway = status == 401 || status == 403 || status == 429;
        if (audit.told() || listed || !door && !turnedAway) {
            return Optional.empty();
        }
        AuditRecord.Builder event = AuditRecord.of(AuditCode.APPLICATION_ACTIVITY, AuditAction.EXECUTE)
                .detail("method", audit.request().getMethod())
                .detail("path", AuditContent.cut(path, 200));
        if (isUnder(path, "/websocket")) {
            event.door(Door.SUBSCRIPTION).subtype(AuditCode.BIND);
        } else if (isUnder(path, "/admin")) {
            event.subtype(AuditCode.ADMINISTRATION);
        } else if (isUnder(path, "/ws")) {
            event.door(Door.SOAP);
        } else if (isUnder(path, "/iid")) {
            event.door(Door.IID_URL);
        } else if (isUnder(path, "/cds-services")) {
            event.door(Door.CDS_HOOKS);
        } else if (isUnder(path, "/events")) {
            event.door(Door.UI);
        }
        return Optional.of(ended(event, audit, status).build());
    }

    private static AuditRecord.Builder ended(AuditRecord.Builder event, RequestAudit audit, int status) {
        AuditOutcome outcome = AuditOutcome.ofHttp(status);
        if (outcome == AuditOutcome.SUCCESS) {
            return event.outcome(outcome);
        }
        String reason = audit.reason();
        return event.failed(outcome, reason == null ? Integer.toString(status) : status + " " + reason);
    }

    private static String query(RequestAudit audit) {
        String query = audit.request().getQueryString();
        StringBuilder text = new StringBuilder(audit.path());
        if (query != null) {
            text.append('?').append(query);
        }
        if (audit.path().endsWith("/_search")) {
            // Keys of the body count as much as those of the address.
            audit.request().getParameterMap().forEach((key, values) -> {
                for (String value : values) {
                    text.append(text.indexOf("?") < 0 ? '?' : '&')
                            .append(key)
                            .append('=')
                            .append(value);
                }
            });
        }
        return AuditContent.cut(text.toString(), MAX_QUERY);
    }
}
