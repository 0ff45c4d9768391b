package org.trefoilhub.dicomweb.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.trefoilhub.dicom.dict.DataDictionary;
import org.trefoilhub.dicomweb.archive.QidoQuery;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * A query string as a query, DICOM PS3.18 sections 8.3.4 and 10.6.1.
 *
 * <p>A parameter that is neither known nor an attribute is ignored and named in the answer's warning, as PS3.18 section
 * 8.3.1 demands. An attribute without a value is asked to be returned.
 *
 * @param ignored names of parameters that were ignored, in the client's spelling when harmless
 */
record QidoParameters(QidoQuery query, List<String> ignored) {
    private static final Set<String> NOT_ATTRIBUTES =
            Set.of("limit", "offset", "fuzzymatching", "includefield", "accept", "charset");

    /**
     * Parses decoded parameters.
     *
     * @param fixed matches that the path demands
     * @param maxResults cap of the limit, and its default
     * @throws ArchiveException BAD_REQUEST if a value is malformed
     */
    static QidoParameters parse(Map<String, String[]> parameters, List<QidoQuery.Match> fixed, int maxResults) {
        List<QidoQuery.Match> matches = new ArrayList<>(fixed);
        Set<Integer> fields = new HashSet<>();
        boolean all = false;
        boolean fuzzy = false;
        int limit = maxResults;
        long offset = 0;
        List<String> ignored = new ArrayList<>();
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            for (String value : parameter.getValue()) {
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "limit" -> limit = (int) Math.min(number(value), maxResults);
                    case "offset" -> offset = number(value);
                    case "fuzzymatching" -> fuzzy = bool(value);
                    case "includefield" -> {
                        for (String field : value.split(",")) {
                            if (field.equals("all")) {
                                all = true;
                            } else if (!field.isBlank()) {
                                path(field.strip())
                                        .ifPresentOrElse(
                                                path -> fields.add(path.get(0)), () -> ignored.add("includefield"));
                            }
                        }
                    }
                    default -> {
                        Optional<List<Integer>> path = path(name);
                        if (path.isPresent() && !value.isEmpty()) {
                            matches.add(new QidoQuery.Match(path.get(), value));
                        } else if (path.isPresent()) {
                            fields.add(path.get().get(0));
                        } else if (!NOT_ATTRIBUTES.contains(name.toLowerCase(Locale.ROOT))) {
                            ignored.add(name.matches("[A-Za-z0-9_.]{1,64}") ? name : "a parameter");
                        }
                    }
                }
            }
        }
        return new QidoParameters(
                new QidoQuery(matches, fields, all, fuzzy, Math.max(1, limit), offset), List.copyOf(ignored));
    }

    /** Tags or keywords joined by dots: one for an attribute, more for one inside sequences. */
    private static Optional<List<Integer>> path(String text) {
        List<Integer> path = new ArrayList<>();
        for (String step : text.split("\\.", -1)) {
            Optional<Integer> tag = DataDictionary.parseTag(step);
            if (tag.isEmpty()) {
                return Optional.empty();
            }
            path.add(tag.get());
        }
        return Optional.of(path);
    }

    private static long number(String value) {
        if (!value.matches("[0-9]{1,12}")) {
            throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected a number as limit or offset");
        }
        return Long.parseLong(value);
    }

    private static boolean bool(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected true or false as fuzzymatching");
        };
    }
}
