// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.sextant.api.config.ConfigException;
import org.sextant.api.config.Problem;

/**
 * Jars that were named in a configuration or on the command line.
 *
 * @param jars in the order of their names
 */
public record Plugins(List<Path> jars) {
    private static final String SERVICES =
            "META-INF/services/org.sextant.api.algorithm.AlgorithmProvider (or that of another kind)";

    public Plugins {
        jars = List.copyOf(jars);
    }

    /** Jars and all jars in directories; a path that is neither, or has no plugin, is an error. */
    public static Plugins at(List<Path> places, String origin) {
        List<Path> jars = new ArrayList<>();
        for (Path place : places) {
            if (!Files.exists(place)) {
                throw failure(origin, place + " does not exist; name a jar, or a directory of jars");
            }
            List<Path> found = Files.isDirectory(place) ? jarsIn(place, origin) : List.of(place);
            // All are opened: a damaged one would be passed over in silence.
            if (found.stream().filter(jar -> provides(jar, origin)).count() == 0) {
                throw failure(origin, "no plugin in " + place + ": a jar names its plugins in " + SERVICES);
            }
            jars.addAll(found);
        }
        return new Plugins(jars);
    }

    /** Whether a jar says that it has plugins; others may be what plugins need. */
    private static boolean provides(Path jar, String origin) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return ServiceFiles.areIn(file);
        } catch (IOException e) {
            throw failure(origin, jar + " is no jar, or is damaged (" + e.getMessage() + "); build it again");
        }
    }

    private static List<Path> jarsIn(Path directory, String origin) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> jars = files.filter(f -> f.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            if (jars.isEmpty()) {
                throw failure(
                        origin,
                        "no jar in " + directory + "; build the plugin, or name the directory where its jar is");
            }
            return jars;
        } catch (IOException e) {
            throw failure(origin, directory + " cannot be read: " + e.getMessage());
        }
    }

    /** A class loader that sees the program and the jars; open until the program ends, because plugins load classes late. */
    ClassLoader loader() {
        ClassLoader program = Plugins.class.getClassLoader();
        return jars.isEmpty()
                ? program
                : new URLClassLoader("plugins", jars.stream().map(Plugins::url).toArray(URL[]::new), program);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("not a path: " + jar, e);
        }
    }

    private static ConfigException failure(String origin, String message) {
        return new ConfigException(List.of(new Problem(origin, "plugins", message)));
    }
}
