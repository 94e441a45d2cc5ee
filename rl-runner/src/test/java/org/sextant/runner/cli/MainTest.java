// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final String SMALL = """
        name = small
        kernels = reference
        model { layers = 1, hidden = 8, heads = 2, context = 16 }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 12 }
        reward { name = exact-match }
        sampling { max-new-tokens = 3 }
        evaluation { questions = 12 }
        phases = [
          { kind = sft, steps = 2, rows-per-step = 4 }
          { kind = rl, steps = 2, prompts-per-step = 2, algorithm { name = grpo, samples-per-prompt = 4 } }
        ]
        """;

    @TempDir
    Path folder;

    private Path file;

    private record Outcome(int exit, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("small.conf"), SMALL);
    }

    private static Outcome rl(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        int exit = Main.run(
                words.toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Outcome train(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train", file, "--set", "run.dir=" + folder.resolve("run")));
        arguments.addAll(List.of(more));
        return rl(arguments.toArray());
    }

    @Test
    void trainsResumesEvaluatesAndGenerates() throws IOException {
        Outcome trained = train("--json");
        assertThat(trained.err())
                .contains("phase 2 of 2: rl, 2 steps", "evaluation before:", "accuracy greedy", "summary ");
        assertThat(trained.exit()).isEqualTo(ExitCode.OK);
        JsonNode printed = new ObjectMapper().readTree(trained.out());
        Path run = folder.resolve("run");
        assertThat(new ObjectMapper().readTree(run.resolve("summary.json").toFile()))
                .isEqualTo(printed);
        assertThat(printed.fieldNames())
                .toIterable()
                .contains(
                        "eval/accuracy_sampled_before",
                        "eval/accuracy_sampled_after",
                        "eval/accuracy_greedy_before",
                        "eval/accuracy_greedy_after",
                        "eval/questions",
                        "wall_seconds",
                        "tokens_generated",
                        "seed");
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(2 + 1 + 2 + 1);
        assertThat(Files.readAllLines(run.resolve("eval.jsonl"))).hasSize(2 * 12 * 2);
        assertThat(run.resolve("provenance.json")).exists();
        assertThat(run.resolve("tensorboard")).isNotEmptyDirectory();

        assertThat(train().err()).contains("holds a run already; continue it with --resume");
        assertThat(train("--resume").out()).contains("is finished; nothing to resume");
        assertThat(new ObjectMapper().readTree(train("--resume", "--json").out()))
                .isEqualTo(printed);

        Outcome generated = rl(
                "generate",
                run,
                "1+2=",
                "3+4=",
                "--json",
                "--kernels",
                "reference",
                "--samples",
                "2",
                "--temperature",
                "1");
        assertThat(generated.out().lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).contains("\"answer\":"));
        assertThat(rl("generate", run, "1+x=", "--kernels", "reference"))
                .satisfies(o -> assertThat(o.exit()).isEqualTo(ExitCode.INPUT))
                .satisfies(o -> assertThat(o.err()).startsWith("rl: character 'x' (U+0078) at position 2"));
        assertThat(rl("generate", run, "1".repeat(16), "--kernels", "reference").err())
                .contains("context of 16");

        Outcome evaluated = rl("eval", run, "--json", "--set", "run.dir=" + folder.resolve("eval"));
        assertThat(evaluated.exit()).isEqualTo(ExitCode.OK);
        JsonNode again = new ObjectMapper().readTree(evaluated.out());
        assertThat(again.get("eval/accuracy_sampled_after")).isEqualTo(printed.get("eval/accuracy_sampled_after"));
        assertThat(again.get("eval/accuracy_greedy_after")).isEqualTo(printed.get("eval/accuracy_greedy_after"));
    }

    @Test
    void dryRunSaysWhatWouldBeHeldAndWritesNothing() {
        Outcome plan = train("--dry-run");
        assertThat(plan.exit()).isEqualTo(ExitCode.OK);
        assertThat(plan.out())
                .contains(
                        "small, seed 1, kernels reference(",
                        "policy: fresh, 1 layers of 8, 2 heads, context 16, 13 token ids")
                .contains("phase 2: rl, 2 steps: rollouts, 4 samples a prompt; models: policy")
                .contains("policy_gradients", "optimiser", "identity ");
        assertThat(folder.resolve("run")).doesNotExist();
        assertThat(train("--dry-run", "--json").out()).contains("\"parameters\" :", "\"bytes\" : {");
    }

    @ParameterizedTest
    @CsvSource({
        "model.path=/gone, 3",
        "model.freeze-layers=2, 2",
        "device=cuda, 3",
        "decoder.cache-tokens=2000000000, 3"
    })
    void dryRunFailsAsTrainingWould(String wrong, int exit) {
        Outcome trained = train("--set", wrong);
        Outcome plan = train("--set", wrong, "--dry-run");
        assertThat(plan.exit()).isEqualTo(exit).isEqualTo(trained.exit());
        assertThat(plan.err()).startsWith("rl: ").isEqualTo(trained.err());
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aGpuThatIsNotThereStopsTrainingWithOneSentence() {
        Outcome refused = train("--kernels", "nd4j", "--device", "cuda");
        assertThat(refused.exit()).isEqualTo(ExitCode.INPUT);
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .startsWith("rl: kernels = nd4j cannot be had on device = cuda: ")
                .endsWith(". Use kernels = auto with device = auto.");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void resolvedConfigurationShowsOrigins() {
        Outcome shown = rl("config", file, "--set", "seed=9");
        assertThat(shown.out())
                .contains("seed = 9                                         # command line --set")
                .contains("# " + file + ":3")
                .contains("# defaults of algorithm grpo:")
                .contains("# reference.conf:");
        assertThat(rl("config", file, "--json").out())
                .contains("\"identity\"", "\"phases[1].algorithm.samples-per-prompt\" : \"4\"");
    }

    @Test
    void problemsOfAConfigurationComeTogetherWithoutAStackTrace() throws IOException {
        Files.writeString(file, SMALL.replace("steps = 2", "stepz = 2").replace("layers = 1", "layers = 0"));
        assertThat(train())
                .satisfies(o -> assertThat(o.exit()).isEqualTo(ExitCode.USAGE))
                .satisfies(o -> assertThat(o.err())
                        .contains("rl: 3 problems in the configuration")
                        .contains(file + ":3: model.layers: found 0; expected a whole number, at least 1")
                        .contains("phases[0].stepz: unknown key (did you mean 'steps'?)")
                        .doesNotContain("\tat "));
        assertThat(train("--debug").err()).contains("\tat org.sextant.");
    }

    @Test
    void wrongWordsAreAnsweredWithTheNearest() {
        assertThat(rl("trian"))
                .satisfies(o -> assertThat(o.exit()).isEqualTo(ExitCode.USAGE))
                .satisfies(o -> assertThat(o.err()).contains("'trian'", "Did you mean: rl train"));
        assertThat(rl("train", file, "--resum").err()).contains("Unknown option: '--resum'", "--resume");
        assertThat(rl("train").err()).contains("Missing required parameter: 'FILE'");
        assertThat(rl("plugins", "gpro"))
                .satisfies(o -> assertThat(o.exit()).isEqualTo(ExitCode.USAGE))
                .satisfies(
                        o -> assertThat(o.err()).contains("no plugin is named 'gpro' (did you mean 'grpo'?); known: "));
        assertThat(rl("config", file, "--kernels", "vectro").err())
                .contains("command line --kernels: kernels: found the text \"vectro\"; expected one of auto, vector,"
                        + " reference, nd4j (did you mean 'vector'?)");
        assertThat(rl("generate", "model", "--kernels", "vectro").err())
                .contains("'--kernels': found 'vectro'; expected one of auto, vector, reference, nd4j");
        assertThat(rl("generate", "model", "--samples", "0").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(rl("bench", "--layers", "0").exit()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void evaluationNeedsASavedModel() {
        assertThat(rl("eval", file))
                .satisfies(o -> assertThat(o.exit()).isEqualTo(ExitCode.USAGE))
                .satisfies(o -> assertThat(o.err()).contains("names no saved model", "--model"));
        assertThat(rl("eval", folder, "--model", folder))
                .satisfies(o -> assertThat(o.exit()).isEqualTo(ExitCode.INPUT))
                .satisfies(o -> assertThat(o.err()).startsWith("rl: no model in " + folder));
    }

    @Test
    void pluginsAreListed() throws IOException {
        assertThat(rl("plugins").out())
                .contains("algorithm", "  grpo  ", "  rloo  ", "task", "  arithmetic  ", "  single-turn  ");
        assertThat(rl("plugins", "--json").out()).contains("\"algorithm\" : {", "\"exact-match\" :");
        assertThat(rl("plugins", "grpo").out()).contains("samples-per-prompt = 8");
        assertThat(new ObjectMapper()
                        .readTree(rl("plugins", "grpo", "--json").out())
                        .at("/algorithm/settings")
                        .textValue())
                .contains("samples-per-prompt = 8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "eval", "generate", "config", "plugins", "conformance", "bench", "completion"})
    void everyCommandHasHelp(String command) {
        Outcome help = rl(command, "--help");
        assertThat(help.exit()).isEqualTo(ExitCode.OK);
        assertThat(help.out()).contains("Usage: rl " + command).hasSizeGreaterThan(200);
        assertThat(rl("help", command).out()).isEqualTo(help.out());
    }

    @Test
    void helpListsCommandsAndExitCodes() {
        assertThat(rl().out()).isEqualTo(rl("--help").out()).contains("train", "Exit codes:", "130", "A first run:");
    }

    @Test
    void completionIsAScriptForBash() {
        assertThat(rl("completion").out()).contains("complete -F _complete_rl", "--dry-run");
    }

    @Test
    void conformanceTellsCasesThatFail() throws IOException {
        Path cases = Files.createDirectory(folder.resolve("cases"));
        Files.writeString(cases.resolve("odd.json"), "{\"cases\": [{\"id\": \"a\", \"method\": \"never-heard-of\"}]}");
        Path report = folder.resolve("report.json");
        Outcome replayed = rl("conformance", cases, "--json", report, "--kernels", "reference");
        assertThat(replayed.out()).contains("0 passed, 0 failed, 1 skipped");
        assertThat(replayed.exit()).isEqualTo(ExitCode.OK);
        assertThat(report).content().contains("\"skipped\"");
        assertThat(rl("conformance", folder.resolve("gone"), "--kernels", "reference")
                        .exit())
                .isEqualTo(ExitCode.INPUT);
    }

    @Test
    void missingModelsAreOneSentence() {
        assertThat(rl("generate", folder, "1+1=").err()).startsWith("rl: no model in " + folder);
        assertThat(train("--set", "model.path=" + folder.resolve("gone")))
                .satisfies(o -> assertThat(o.exit()).isEqualTo(ExitCode.INPUT))
                .satisfies(
                        o -> assertThat(o.err()).startsWith("rl: cannot read").hasLineCount(1));
        assertThat(folder.resolve("run")).doesNotExist();
    }
}
