// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;

class ConformanceTest {
    /** Mean 2, unbiased variance 1 of 1, 2, 3; the fourth number is masked. */
    private static final String RIGHT = """
        {"id": "right", "method": "trl_masked_stats", "values": [[1, 2], [3, 100]], "mask": [[1, 1], [1, 0]],
         "mean": 2.0, "var_unbiased": 1.0, "var_biased": 0.6666666666666666,
         "whitened": [[-0.999999995, 0], [0.999999995, "NaN"]], "whitened_keep_mean": [[1.000000005, 2], [2.999999995, 7]]}\
        """;

    private final Kernels kernels = new ReferenceKernels();
    private final List<MethodResult> heard = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        kernels.close();
    }

    @Test
    void comparesInsideTheMaskOnly() throws IOException {
        write("sub/stats.json", RIGHT);

        Report report = run();

        assertThat(report.failures()).isEmpty();
        assertThat(report.passed()).isEqualTo(1);
        assertThat(heard).singleElement().extracting(MethodResult::file).isEqualTo("sub/stats.json");
    }

    @Test
    void aWrongNumberFailsWithItsIdAndPlace() throws IOException {
        write(
                "stats.json",
                RIGHT,
                RIGHT.replace("\"right\"", "\"wrong\"").replace("\"mean\": 2.0", "\"mean\": 2.00001"));

        Report report = run();

        assertThat(report.passed()).isEqualTo(1);
        assertThat(report.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.id()).isEqualTo("wrong");
            assertThat(failure.file()).isEqualTo("stats.json");
            assertThat(failure.reason()).isEqualTo("mean: expected 2.00001, found 2.0");
        });
        assertThat(report.methods().getFirst().worstError()).isBetween(4e-6, 6e-6);
        assertThat(report.closingLines()).first().isEqualTo("1 passed, 1 failed, 0 skipped");
        assertThat(report.closingLines()).last().asString().contains("stats.json", "wrong", "mean");
    }

    @Test
    void whatTheReplayDoesNotKnowFails() throws IOException {
        write(
                "stats.json",
                RIGHT.replace("\"mask\"", "\"hyper\": {\"bias\": 1, \"shift\": null}, \"mask\"")
                        .replace("\"mean\"", "\"metrics\": {\"n\": 3}, \"weights\": [[1, 1], [2, 1]], \"mean\""),
                RIGHT.replace("\"mask\"", "\"note\": \"from a paper\", \"mask\""));

        Report report = run();

        assertThat(report.passed()).isEqualTo(1);
        assertThat(report.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .startsWith("weights, hyper.bias, metrics.n: not known to the replay of trl_masked_stats"));
    }

    @Test
    void aNumberThatIsNotFiniteIsWrongUnlessItIsExpected() throws IOException {
        write("stats.json", RIGHT.replace("\"mean\": 2.0", "\"mean\": \"NaN\""));

        assertThat(run().failures())
                .singleElement()
                .extracting(MethodResult.Failure::reason)
                .asString()
                .contains("NaN");
    }

    @Test
    void malformedCasesFailWithAReasonAndDoNotStopTheRun() throws IOException {
        write(
                "stats.json",
                RIGHT.replace("\"right\"", "\"no mask\"").replace("\"mask\"", "\"musk\""),
                RIGHT.replace("\"right\"", "\"ragged\"").replace("[3, 100]", "[3]"),
                RIGHT.replace("\"right\"", "\"text\"").replace("[3, 100]", "[3, \"many\"]"),
                RIGHT.replace("\"right\"", "\"other length\"").replace("[[1, 1], [1, 0]]", "[[1, 1]]"),
                "17",
                RIGHT);

        Report report = run();

        assertThat(report.passed()).isEqualTo(1);
        assertThat(report.failures())
                .extracting(MethodResult.Failure::id)
                .containsExactly("no mask", "ragged", "text", "other length");
        assertThat(report.failures())
                .first()
                .extracting(MethodResult.Failure::reason)
                .isEqualTo("field 'mask' is missing");
        assertThat(report.failures().get(1).reason()).contains("values", "unequal length");
        assertThat(report.failures().get(2).reason()).contains("values", "many");
        assertThat(report.skipped()).isEqualTo(1);
    }

    @Test
    void whatIsNotOfferedIsSkippedAndNamed() throws IOException {
        write("other.json", "{\"id\": \"a\", \"method\": \"teleport\"}", RIGHT);

        Report report = run();

        assertThat(report.skipped()).isEqualTo(1);
        assertThat(heard)
                .first()
                .extracting(MethodResult::line)
                .asString()
                .isEqualTo("other.json teleport: 0 passed / 0 failed / 1 skipped, worst error 0.0 (not offered:"
                        + " teleport)");
    }

    @Test
    void jsonWithoutCasesIsLeftAloneAndDamagedJsonIsAFailure() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"hidden_size\": 36}");
        Files.writeString(folder.resolve("damaged.json"), "{\"cases\": [");
        Files.writeString(folder.resolve("notes.txt"), "not JSON at all");

        Report report = run();

        assertThat(report.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.file()).isEqualTo("damaged.json");
            assertThat(failure.reason()).contains("not JSON");
        });
    }

    @Test
    void aDirectoryThatIsNoneIsAClearError() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new Conformance(kernels).run(folder.resolve("absent"), heard::add))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent does not exist");
        assertThatThrownBy(() -> new Conformance(kernels).run(file, heard::add)).hasMessageContaining("is a file");
    }

    @Test
    void writesTheJsonThatProgramsRead() throws IOException {
        write(
                "models/x/cases.json",
                RIGHT,
                RIGHT.replace("\"right\"", "\"wrong\"").replace("\"mean\": 2.0", "\"mean\": 3"));
        write("b.json", "{\"id\": \"a\", \"method\": \"teleport\"}");
        Path target = folder.resolve("out/report.json");
        Files.createDirectories(target.getParent());

        Conformance.write(run(), target);

        assertThat(new ObjectMapper().readTree(target.toFile())).isEqualTo(new ObjectMapper().readTree("""
            {"passed": 1, "failed": 1, "skipped": 1,
             "methods": [
              {"file": "b.json", "method": "teleport", "passed": 0, "failed": 0, "skipped": 1, "worst_error": 0.0},
              {"file": "models/x/cases.json", "method": "trl_masked_stats", "passed": 1, "failed": 1, "skipped": 0,
               "worst_error": 0.3333333333333333}],
             "failures": [{"file": "models/x/cases.json", "id": "wrong", "reason": "mean: expected 3.0, found 2.0"}]}\
            """));
        try (var beside = Files.list(target.getParent())) {
            assertThat(beside).containsExactly(target);
        }
    }

    private Report run() throws IOException {
        return new Conformance(kernels).run(folder, heard::add);
    }

    private void write(String name, String... cases) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "{\"provenance\": {}, \"cases\": [" + String.join(",\n", cases) + "]}");
    }
}
