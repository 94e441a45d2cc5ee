// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import com.google.inject.Module;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The service files of plugins' jars: whether the classes that they name are there, are what they say, and fit this version. */
final class ServiceFiles {
    private static final String FOLDER = "META-INF/services/";
    private static final String KINDS =
            ProvidersModule.KINDS.stream().map(kind -> kind.getName()).sorted().collect(Collectors.joining(", "));

    private ServiceFiles() {}

    /** Whether a service file of the program's own kinds is in the jar; others may be what plugins need. */
    static boolean areIn(JarFile jar) {
        return jar.stream().anyMatch(ServiceFiles::isOurs);
    }

    private static boolean isOurs(JarEntry entry) {
        String name = entry.getName();
        return !entry.isDirectory()
                && (name.startsWith(FOLDER + "org.sextant.") || name.equals(FOLDER + Module.class.getName()));
    }

    /**
     * Looks at every class that is named.
     *
     * @param loader sees the program and all jars
     * @throws WiringException with the jar, what is wrong in it, and what to do
     */
    static void check(List<Path> jars, ClassLoader loader) {
        Map<String, Path> homes = new HashMap<>();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                for (JarEntry service :
                        file.stream().filter(ServiceFiles::isOurs).toList()) {
                    for (String type : types(file, service)) {
                        fit(jar, service.getName(), type, loader);
                        if (file.getEntry(type.replace('.', '/') + ".class") != null) {
                            alone(type, jar, homes);
                        }
                    }
                }
            } catch (IOException e) {
                throw new WiringException(jar + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private static List<String> types(JarFile jar, JarEntry service) throws IOException {
        try (InputStream in = jar.getInputStream(service)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    private static void fit(Path jar, String file, String type, ClassLoader loader) {
        try {
            check(jar + ": " + file, file.substring(FOLDER.length()), type, loader);
        } catch (LinkageError e) {
            throw failure(jar + ":", misfit(type, e), e);
        }
    }

    private static void check(String where, String service, String type, ClassLoader loader) {
        Class<?> kind = load(service, loader, where, "is no kind of plugin; there are " + KINDS);
        Class<?> named = load(
                type,
                loader,
                where,
                "names " + type + ", and there is no such class: correct the name (a class inside another is"
                        + " Outer$Inner), or build the jar again");
        if (!kind.isAssignableFrom(named)) {
            throw failure(where, "names " + type + ", which is no " + kind.getSimpleName(), null);
        }
        if (!Modifier.isPublic(named.getModifiers()) || !hasConstructor(named)) {
            throw failure(
                    where,
                    "names " + type + ", which cannot be made: it must be public, with a public constructor without"
                            + " arguments",
                    null);
        }
    }

    private static Class<?> load(String type, ClassLoader loader, String where, String absent) {
        try {
            return Class.forName(type, false, loader);
        } catch (ClassNotFoundException e) {
            throw failure(where, absent, e);
        }
    }

    /** What to say of a class that was compiled against something else. */
    static String misfit(String what, LinkageError e) {
        return what + " does not fit this version of Sextant (" + e
                + "): build it again against this version's rl-api, for Java "
                + Runtime.version().feature();
    }

    private static boolean hasConstructor(Class<?> type) {
        try {
            type.getConstructor();
            return !Modifier.isAbstract(type.getModifiers());
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** Of two versions of one plugin a class loader would see the first and be silent about the other. */
    private static void alone(String type, Path jar, Map<String, Path> homes) {
        Path other = homes.putIfAbsent(type, jar);
        if (other != null
                && !other.toAbsolutePath()
                        .normalize()
                        .equals(jar.toAbsolutePath().normalize())) {
            throw new WiringException(
                    type + " is in " + other + " and in " + jar + "; leave one of the jars out", null);
        }
    }

    private static WiringException failure(String where, String what, Throwable cause) {
        return new WiringException(where + " " + what, cause);
    }
}
