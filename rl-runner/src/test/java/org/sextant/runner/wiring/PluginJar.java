// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles a plugin as somebody outside the project would, and puts it in a jar. */
public final class PluginJar {
    private PluginJar() {}

    /**
     * A jar with one class and one service file.
     *
     * @param service name of the service that the class provides
     * @param className with package
     * @param resource a file beside the class, or null
     */
    public static Path of(Path folder, String name, String service, String className, String source, String resource)
            throws IOException {
        Path sources = Files.createDirectories(folder.resolve(name + "-src"));
        Path file = Files.writeString(sources.resolve(className.replaceAll(".*\\.", "") + ".java"), source);
        Path classes = Files.createDirectories(folder.resolve(name + "-classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = System.getProperty("java.class.path");
        assertThat(compiler.run(
                        null, null, null, "-proc:none", "-cp", classPath, "-d", classes.toString(), file.toString()))
                .isZero();
        if (resource != null) {
            Path at = classes.resolve(className.replace('.', '/')).resolveSibling(resource);
            Files.writeString(at, "# nothing to set\n");
        }
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve(service), className + "\n");
        return jar(folder.resolve(name + ".jar"), classes);
    }

    /** A jar of everything in a directory. */
    public static Path jar(Path jar, Path classes) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                entries.write(Files.readAllBytes(file));
            }
        }
        return jar;
    }

    /** A reward that gives a point for each letter {@code letter}. */
    static Path reward(Path folder, String name, String jarName) throws IOException {
        String source = """
            package example;
            import org.sextant.api.config.ConfigReader;
            import org.sextant.api.reward.*;
            public final class LetterReward implements RewardProvider {
                public String name() { return "%s"; }
                public String summary() { return "a point for each letter"; }
                public RewardFunction create(ConfigReader own) {
                    String letter = own.string("letter");
                    return (item, answer, finish) -> Outcome.Scored.of("letters", answer.split(letter, -1).length - 1, answer);
                }
            }
            """.formatted(name);
        return of(
                folder,
                jarName,
                "org.sextant.api.reward.RewardProvider",
                "example.LetterReward",
                source,
                name + ".conf");
    }
}
