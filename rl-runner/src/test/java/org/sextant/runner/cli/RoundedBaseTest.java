// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.WeightFormat;

@DisplayName("An adapter that was trained on weights rounded to bf16")
class RoundedBaseTest {
    private static final String SMALL = """
        name = small
        kernels = reference
        model { layers = 1, hidden = 8, heads = 2, context = 16 }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 4 }
        reward { name = exact-match }
        sampling { max-new-tokens = 3 }
        evaluation { questions = 4 }
        phases = [ { kind = sft, steps = 20, rows-per-step = 4, optimiser.learning-rate = 0.1, evaluate = true } ]
        """;
    private static final LogProb LOGP = new LogProb();

    @TempDir
    Path folder;

    private Path base;
    private Path run;

    private static void rl(Object... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(exit).isEqualTo(ExitCode.OK);
    }

    @BeforeEach
    void train() throws Exception {
        Path whole = Files.writeString(folder.resolve("base.conf"), SMALL);
        base = folder.resolve("base/model");
        Path lora = Files.writeString(
                folder.resolve("lora.conf"),
                SMALL + "model { path = \"" + base
                        + "\", adapter { rank = 2, targets = [q_proj, down_proj] }, frozen-weights = bf16 }\n");
        run = folder.resolve("run");
        rl("train", whole, "--set", "run.dir=" + folder.resolve("base"));
        rl("train", lora, "--set", "run.dir=" + run);
    }

    private static double[] score(LanguageModel model) {
        Layout layout = Layout.ofLengths(7, 5);
        int[] tokens = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 3, 5};
        boolean[] mask = new boolean[tokens.length];
        Arrays.fill(mask, true);
        Experience batch =
                Experience.of(layout, Columns.of(Standard.TOKENS, tokens).with(Standard.RESPONSE_MASK, mask));
        return model.score(batch, Set.of(LOGP), 1).get(LOGP);
    }

    /** The adapter on its base held in a format. */
    private double[] adapted(Kernels kernels, WeightFormat held) {
        try (LanguageModel shared = LanguageModel.base(base, "", kernels, held);
                LanguageModel model = shared.sharing(Role.POLICY, run.resolve("model"))) {
            return score(model);
        }
    }

    @Test
    @DisplayName("Is folded into the rounded weights, so that the whole model computes what was trained")
    void export() {
        rl("export", run, folder.resolve("whole"));
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel whole = LanguageModel.load(folder.resolve("whole"), kernels, Role.POLICY)) {
            double[] trained = adapted(kernels, WeightFormat.BF16);
            double[] unrounded = adapted(kernels, WeightFormat.FLOAT);
            assertThat(unrounded[1]).isNotCloseTo(trained[1], within(1e-4));
            assertThat(score(whole)).containsExactly(trained, within(1e-5));
        }
    }

    @Test
    @DisplayName("Is measured and trained on with them, whatever the settings say")
    void measured() throws Exception {
        String after = Files.readAllLines(run.resolve("metrics.jsonl")).getLast();
        String accuracy = after.substring(after.indexOf("\"eval/"));
        rl("eval", run, "--set", "run.dir=" + folder.resolve("eval"), "--set", "model.frozen-weights=float");
        assertThat(Files.readString(folder.resolve("eval/metrics.jsonl"))).contains(accuracy);
        Path on = Files.writeString(
                folder.resolve("on.conf"), SMALL + "model { path = \"" + run.resolve("model") + "\" }\n");
        rl("train", on, "--set", "run.dir=" + folder.resolve("on"));
        assertThat(folder.resolve("on/model/sextant_base.json")).content().contains("\"weights_held\": \"bf16\"");
    }
}
