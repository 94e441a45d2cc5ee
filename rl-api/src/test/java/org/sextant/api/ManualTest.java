// SPDX-License-Identifier: Apache-2.0
package org.sextant.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole classes that the package documentation shows can be compiled. */
class ManualTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "org", "sextant", "api");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\R(.*?)\\R \\* }</pre>", Pattern.DOTALL);

    /** One example and the package that shows it. */
    private record Example(String name, String code) {}

    private static Stream<Example> examples(Path file) {
        String source = read(file);
        String name = file.getParent().getFileName().toString();
        return EXAMPLE.matcher(source)
                .results()
                .map(match -> match.group(1).replaceAll("(?m)^ \\* ?", ""))
                .filter(code -> Pattern.compile("(?m)^(public )?(final )?(class|record) ")
                        .matcher(code)
                        .find())
                .map(code -> new Example(name, code));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void examplesCompile(@TempDir Path classes) throws IOException {
        List<Path> manuals;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            manuals = files.filter(file -> file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
        List<Example> examples = manuals.stream().flatMap(ManualTest::examples).toList();
        assertThat(examples).extracting(Example::name).containsExactly("algorithm", "environment", "output", "reward");
        String imports = manuals.stream()
                .map(file -> SOURCES.relativize(file.getParent()).toString())
                .filter(name -> !name.isEmpty())
                .map(name -> "import org.sextant.api." + name + ".*;")
                .collect(Collectors.joining("\n"));
        List<JavaFileObject> units = examples.stream()
                .map(e -> unit("Manual_" + e.name(), imports + "\nimport java.util.*;\n", e.code()))
                .toList();
        StringWriter complaints = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        units)
                .call();
        assertThat(compiled).as(complaints.toString()).isTrue();
    }

    private static JavaFileObject unit(String name, String imports, String code) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return imports + "class " + name + " {\n" + code + "\n}\n";
            }
        };
    }
}
