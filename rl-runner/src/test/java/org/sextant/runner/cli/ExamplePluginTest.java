// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.runner.wiring.PluginJar;

/** {@code examples/plugin-algorithm}: built against {@code rl-api} alone, tested, and trained with from its jar. */
class ExamplePluginTest {
    private static final Path EXAMPLE = Path.of("..", "examples", "plugin-algorithm");
    private static final Path PAGE = Path.of("..", "docs", "writing-an-algorithm.md");

    @TempDir
    static Path folder;

    private static Path jars;
    private static Path classes;

    @BeforeAll
    static void build() throws IOException, URISyntaxException {
        URI api = Algorithm.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        classes = Files.createDirectory(folder.resolve("classes"));
        compile(EXAMPLE.resolve("src/main/java"), Path.of(api).toString(), classes, "-Xlint:all", "-Werror");
        copy(EXAMPLE.resolve("src/main/resources"), classes);
        jars = Files.createDirectory(folder.resolve("jars"));
        PluginJar.jar(jars.resolve("awr.jar"), classes);
    }

    private static void compile(Path sources, String classPath, Path to, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-proc:none", "--release", "25", "-cp", classPath, "-d", to.toString()));
        files(sources).forEach(file -> arguments.add(file.toString()));
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("compiles").isZero();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    @Test
    void itsOwnTestsPass() throws IOException {
        Path tests = Files.createDirectory(folder.resolve("tests"));
        String classPath = classes + File.pathSeparator + System.getProperty("java.class.path");
        compile(EXAMPLE.resolve("src/test/java"), classPath, tests);
        URL[] urls = {classes.toUri().toURL(), tests.toUri().toURL()};
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        SummaryGeneratingListener heard = new SummaryGeneratingListener();
        try (URLClassLoader loader = new URLClassLoader(urls, before)) {
            thread.setContextClassLoader(loader);
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(
                                            DiscoverySelectors.selectClass(loader, "example.awr.AwrTest"),
                                            DiscoverySelectors.selectClass(loader, "example.awr.AwrProviderTest"))
                                    .build(),
                            heard);
        } finally {
            thread.setContextClassLoader(before);
        }
        TestExecutionSummary summary = heard.getSummary();
        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(10);
    }

    @Test
    void itTrainsFromItsJarAndGoesOnWhereItWasCutOff() throws IOException {
        Path run = folder.resolve("run");
        assertThat(train(run)).contains("summary");
        List<JsonNode> steps = steps(run);
        assertThat(steps).hasSize(2);
        assertThat(steps.getLast().path("awr/weight").asDouble()).isPositive();
        assertThat(steps.getLast().path("grad_norm").asDouble()).isPositive();
        assertThat(Files.readString(run.resolve("provenance.json"))).contains("awr.jar");

        byte[] weights = Files.readAllBytes(run.resolve("model/model.safetensors"));
        for (String lost : List.of("checkpoints/step-4", "model", "summary.json")) {
            delete(run.resolve(lost));
        }
        assertThat(train(run, "--resume")).contains("rl, 2 steps, from step 2");
        assertThat(Files.readAllBytes(run.resolve("model/model.safetensors"))).isEqualTo(weights);
        assertThat(steps(run)).hasSize(2);
        assertThat(steps(run).getLast().path("grad_norm"))
                .isEqualTo(steps.getLast().path("grad_norm"));
    }

    /** Four steps, the last two of them with the example, and a checkpoint after the third. */
    private static String train(Path run, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--plugins",
                jars.toString(),
                "train",
                EXAMPLE.resolve("awr.conf").toString()));
        Stream.of(
                        "run.dir=" + run,
                        "evaluation.questions=20",
                        "model.hidden=32",
                        "phases[0].steps=2",
                        "phases[1].steps=2",
                        "phases[1].prompts-per-step=4",
                        "checkpoint.every=3")
                .forEach(setting -> arguments.addAll(List.of("--set", setting)));
        arguments.addAll(List.of(more));
        return rl(0, arguments.toArray(String[]::new));
    }

    /** What was written in the steps that took the example. */
    private static List<JsonNode> steps(Path run) throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            if (line.contains("awr/weight")) {
                steps.add(new ObjectMapper().readTree(line));
            }
        }
        return steps;
    }

    private static void delete(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void itIsExplainedWhereverItsJarIsNamed() throws IOException {
        String file = EXAMPLE.resolve("awr.conf").toString();

        assertThat(rl(0, "--plugins", jars.toString(), "explain", file)).contains("w_i = min(exp(A_i / 0.3), 20)");
        assertThat(rl(0, "explain", file, "--plugins", jars.resolve("awr.jar").toString()))
                .contains("w_i = min(exp(A_i / 0.3), 20)");
        assertThat(rl(ExitCode.USAGE, "explain", file)).contains("'awr', which is no algorithm");
        assertThat(rl(ExitCode.USAGE, "--plugins", "gone", "explain", file, "--plugins", jars.toString()))
                .contains("gone does not exist; name a jar, or a directory of jars");
    }

    private static String rl(int exitCode, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8);
        int found = Main.run(arguments, both, both);
        String said = out.toString(StandardCharsets.UTF_8);
        assertThat(found).as(said).isEqualTo(exitCode);
        return said;
    }

    /** What the page shows of the example is in the example. */
    @Test
    void thePageShowsTheExampleAsItIs() throws IOException {
        String example = Stream.of("src/main", "src/test", "README.md")
                .flatMap(part -> filesOf(EXAMPLE.resolve(part)).stream())
                .map(ExamplePluginTest::words)
                .collect(Collectors.joining("\n"));
        Matcher blocks = Pattern.compile("```(?:java|hocon|xml)\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        List<String> shown = new ArrayList<>();
        while (blocks.find()) {
            shown.add(words(blocks.group(1)));
        }
        assertThat(shown)
                .hasSizeGreaterThan(4)
                .allSatisfy(block -> assertThat(example).contains(block));
    }

    private static List<Path> filesOf(Path place) {
        try {
            return Files.isDirectory(place) ? files(place) : List.of(place);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String words(Path file) {
        try {
            return words(Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Without indentation and line ends. */
    private static String words(String text) {
        return Arrays.stream(text.strip().split("\\s+")).collect(Collectors.joining(" "));
    }
}
