// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.events.LoopEvent;

@DisplayName("Models besides the policy that an algorithm of a plugin needs")
class RolesTest {
    private static final String RL =
            "phases = [ { kind = rl, steps = 3, prompts-per-step = 4, algorithm { name = every-role } } ]\n";

    @TempDir
    Path folder;

    private static List<SortedMap<String, Double>> steps(SmallRun run) {
        return run.events.stream()
                .filter(LoopEvent.StepFinished.class::isInstance)
                .map(event -> ((LoopEvent.StepFinished) event).metrics())
                .toList();
    }

    /** What nobody has trained says exactly 0; what the phase started from stays where it was while the policy moves. */
    private static void assertFresh(List<SortedMap<String, Double>> steps) {
        assertThat(steps)
                .hasSize(3)
                .allSatisfy(metrics ->
                        assertThat(metrics).containsEntry("largest_value", 0.0).containsEntry("largest_score", 0.0));
        assertThat(steps.getFirst()).containsEntry("moved", 0.0);
        assertThat(steps.getLast().get("moved")).isPositive();
    }

    @Test
    @DisplayName("Are copies of their own where the policy's weights are trained")
    void copies() throws Exception {
        SmallRun run = new SmallRun(folder.resolve("whole"));
        run.run(RL);
        assertFresh(steps(run));
        SortedMap<String, Double> held = steps(run).getLast();
        double policy = held.get("memory/policy_bytes");
        assertThat(held).containsEntry("memory/reference_bytes", policy).doesNotContainKey("memory/base_bytes");
        for (String role : List.of("critic", "reward")) {
            assertThat(held.get("memory/" + role + "_bytes")).isBetween(policy + 1, policy + 256);
        }
    }

    @Test
    @DisplayName("Are adapters and heads on the policy's base where it has one, and the same after a kill")
    void views() throws Exception {
        new SmallRun(folder.resolve("base")).run("phases = [ { kind = sft, rows-per-step = 4, steps = 1 } ]");
        String hocon = RL + "model { path = \"" + folder.resolve("base")
                + "\", adapter { rank = 2, targets = [q_proj, down_proj] } }";
        SmallRun run = new SmallRun(folder.resolve("adapted"));
        run.run(hocon);
        assertFresh(steps(run));
        SortedMap<String, Double> held = steps(run).getLast();
        double policy = held.get("memory/policy_bytes");
        assertThat(held).containsEntry("memory/reference_bytes", policy);
        for (String role : List.of("critic", "reward")) {
            assertThat(held.get("memory/" + role + "_bytes")).isBetween(policy + 1, policy + 256);
        }
        assertThat(held.get("memory/base_bytes")).isGreaterThan(4 * policy);

        SmallRun killed = new SmallRun(folder.resolve("killed")).dyingAfter(2);
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);
        assertThat(resumed.model()).isEqualTo(run.model());
        assertThat(resumed.metrics).isEqualTo(run.metrics);
    }
}
