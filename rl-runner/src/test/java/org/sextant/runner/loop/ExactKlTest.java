// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The exact KL")
class ExactKlTest {
    @TempDir
    Path folder;

    private static String rl(int steps, double rate, String placement, String more) {
        return "phases = [ { kind = rl, steps = " + steps + ", prompts-per-step = 8, optimiser.learning-rate = " + rate
                + ", algorithm { name = rloo, samples-per-prompt = 4"
                + ", kl { coefficient = 1, estimator = full, placement = " + placement + " } }\n" + more + " } ]\n";
    }

    private List<Double> distance(String name, String hocon) throws Exception {
        SmallRun run = new SmallRun(folder.resolve(name));
        run.run(hocon);
        return run.metrics.stream().map(step -> step.get("objective/kl")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"loss", "reward", "reward-after-baseline"})
    @DisplayName("Is 0 against the start, and positive once the policy has moved")
    void fromTheStart(String placement) throws Exception {
        List<Double> kl = distance("start", rl(3, 0.01, placement, ""));
        assertThat(kl.getFirst()).isCloseTo(0, within(1e-6));
        assertThat(kl.subList(1, 3)).allSatisfy(d -> assertThat(d).isPositive());
    }

    /** Rewards that are all alike leave nothing to learn but to come back. */
    @ParameterizedTest
    @ValueSource(strings = {"loss", "reward"})
    @DisplayName("Draws the policy to another model when there is nothing to earn")
    void draws(String placement) throws Exception {
        distance("other", "phases = [ { kind = sft, rows-per-step = 8, steps = 6, optimiser.learning-rate = 0.02 } ]");
        String reference = "reference.from = \"" + folder.resolve("other") + "\"";
        List<Double> kl = distance(
                placement,
                "reward = null\nreward { name = constant, value = 0.7 }\n" + rl(12, 0.01, placement, reference));
        assertThat(kl.getLast()).isLessThan(kl.getFirst() / 2);
    }
}
