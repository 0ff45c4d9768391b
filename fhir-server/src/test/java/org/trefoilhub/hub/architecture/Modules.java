package org.trefoilhub.hub.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The modules of the reactor, by the root package of each, and the classes of all. */
final class Modules {

    static final String ROOT = "org.trefoilhub";

    /** Root package by module, in the order of the drawing. */
    static final Map<String, String> ROOT_PACKAGES = rootPackages();

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(ROOT);

    private Modules() {}

    private static Map<String, String> rootPackages() {
        Map<String, String> packages = new LinkedHashMap<>();
        packages.put("fhir-server", ROOT + ".hub");
        packages.put("dicomweb", ROOT + ".dicomweb");
        packages.put("connectors", ROOT + ".connectors");
        packages.put("interceptors/fhir", ROOT + ".interceptors.fhir");
        packages.put("interceptors/access", ROOT + ".access");
        packages.put("dicom", ROOT + ".dicom");
        return packages;
    }

    /** Production classes of all modules. */
    static JavaClasses classes() {
        return CLASSES;
    }

    /** The module of a class, or empty for a class that is not ours. */
    static Optional<String> of(JavaClass type) {
        String name = type.getPackageName();
        return ROOT_PACKAGES.entrySet().stream()
                .filter(entry -> name.equals(entry.getValue()) || name.startsWith(entry.getValue() + "."))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Which modules each module really uses, from the byte code. */
    static Map<String, Set<String>> dependencies() {
        Map<String, Set<String>> uses = new LinkedHashMap<>();
        for (String module : ROOT_PACKAGES.keySet()) {
            uses.put(module, new TreeSet<>());
        }
        for (JavaClass type : CLASSES) {
            Optional<String> from = of(type);
            if (from.isEmpty()) {
                continue;
            }
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                of(dependency.getTargetClass().getBaseComponentType())
                        .filter(to -> !to.equals(from.get()))
                        .ifPresent(to -> uses.get(from.get()).add(to));
            }
        }
        return uses;
    }

    /** The graph as a Mermaid flow chart, without edges that others imply. */
    static String mermaid() {
        List<String> lines = new ArrayList<>();
        lines.add("flowchart LR");
        for (Map.Entry<String, Set<String>> entry : dependencies().entrySet()) {
            for (String to : entry.getValue()) {
                lines.add("    %s[%s] --> %s[%s]".formatted(id(entry.getKey()), entry.getKey(), id(to), to));
            }
        }
        lines.add("    viewer[viewer-static] -. HTTP .-> fhir_server");
        lines.add("    fhir_server -. loads .-> ig[ig package]");
        return String.join("\n", lines);
    }

    private static String id(String module) {
        return module.replaceAll("[^a-z]", "_");
    }
}
