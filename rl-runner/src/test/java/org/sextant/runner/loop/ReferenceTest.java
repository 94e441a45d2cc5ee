// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A reference")
class ReferenceTest {
    @TempDir
    Path folder;

    private static String rl(String more) {
        return "phases = [ { kind = rl, steps = 4, prompts-per-step = 4, optimiser.learning-rate = 0.01"
                + ", algorithm { name = actor-critic, reference = true }\n" + more + " } ]\n";
    }

    private SmallRun run(String name, String hocon) throws Exception {
        SmallRun run = new SmallRun(folder.resolve(name));
        run.run(hocon);
        return run;
    }

    private static List<Double> moved(SmallRun run) {
        return run.metrics.stream().map(step -> step.get("moved")).toList();
    }

    @Test
    @DisplayName(
            "Says the same in its distributions as of the sampled tokens, and the policy's sums of squares are its own")
    void distributions() throws Exception {
        SmallRun run = run("all", rl(""));
        for (SortedMap<String, Double> step : run.metrics) {
            // Log-probabilities are kept as floats; at first the reference is the policy, whose sum of squares they
            // give.
            assertThat(step.get("distribution_error")).isCloseTo(0, within(1e-6));
        }
        assertThat(run.metrics.getFirst().get("sum_of_squares_error")).isCloseTo(0, within(1e-6));
        assertThat(run.metrics.getLast().get("sum_of_squares_error")).isGreaterThan(1e-4);
    }

    @Test
    @DisplayName(
            "That follows the policy all the way after each step is where the policy is; one that never moves is left"
                    + " behind")
    void follows() throws Exception {
        assertThat(moved(run("follows", rl("reference { update-every = 1 }")))).containsOnly(0.0);
        List<Double> still = moved(run("still", rl("")));
        assertThat(still.getFirst()).isZero();
        assertThat(still.subList(1, 4))
                .allSatisfy(distance -> assertThat(distance).isPositive());
    }

    @Test
    @DisplayName("Moves only after every so many steps, and only part of the way")
    void period() throws Exception {
        List<Double> still = moved(run("still", rl("")));
        List<Double> second = moved(run("second", rl("reference { update-every = 2 }")));
        assertThat(second.subList(0, 2)).isEqualTo(still.subList(0, 2));
        assertThat(second.get(2)).isZero();
        assertThat(second.get(3)).isPositive();
        List<Double> half = moved(run("half", rl("reference { update-every = 2, update-rate = 0.5 }")));
        assertThat(half.get(2)).isPositive().isLessThan(still.get(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @DisplayName("That moves goes on after a kill as if nothing had happened")
    void resumes(int killedAfter) throws Exception {
        String hocon = rl("reference { update-every = 1, update-rate = 0.3 }");
        SmallRun straight = run("straight", hocon);
        SmallRun killed = new SmallRun(folder.resolve("killed")).dyingAfter(killedAfter);
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
        assertThat(resumed.model()).isEqualTo(straight.model());
    }

    @Test
    @DisplayName("Of an adapter run follows in its factors, on the shared base")
    void adapted() throws Exception {
        run("base", "phases = [ { kind = sft, rows-per-step = 4, steps = 1 } ]");
        String model = "model { path = \"" + folder.resolve("base")
                + "\", adapter { rank = 2, targets = [q_proj, down_proj] } }\n";
        assertThat(moved(run("adapted", model + rl("reference { update-every = 1 }"))))
                .containsOnly(0.0);
        SmallRun straight = run("straight", model + rl("reference { update-every = 1, update-rate = 0.5 }"));
        assertThat(moved(straight).subList(1, 4))
                .allSatisfy(distance -> assertThat(distance).isPositive());
        SmallRun killed = new SmallRun(folder.resolve("killed")).dyingAfter(2);
        String hocon = model + rl("reference { update-every = 1, update-rate = 0.5 }");
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
    }

    @Test
    @DisplayName("Can be any saved model of the same tokenizer, of another size too")
    void saved() throws Exception {
        run("small", "phases = [ { kind = sft, rows-per-step = 4, steps = 3 } ]");
        String larger = "model { layers = 2, hidden = 24, heads = 2, key-value-heads = 1, context = 16 }\n";
        SmallRun run = run("large", larger + rl("reference.from = \"" + folder.resolve("small") + "\""));
        assertThat(moved(run).getFirst()).isPositive();
        assertThat(run.metrics)
                .allSatisfy(step -> assertThat(step.get("distribution_error")).isCloseTo(0, within(1e-6)));
    }

    @ParameterizedTest
    @CsvSource({"1e-9", "1"})
    @DisplayName("Equal to the policy stays equal to it while the policy stands still")
    void standsStill(double rate) throws Exception {
        String hocon = rl("reference { update-every = 1, update-rate = " + rate + " }")
                .replace("learning-rate = 0.01", "learning-rate = 0");
        assertThat(moved(run("still", hocon))).containsOnly(0.0);
    }
}
