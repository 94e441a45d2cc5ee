// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.events.LoopEvent;

/** Throw-away plugins that know {@code rl-api} alone, found by their service files and trained in the real loop. */
class PluginsInTheLoopTest {
    private static final String TWO_TURNS = """
        task = null
        task { name = secret-digits }
        environment { name = higher-lower }
        model { context = 40 }
        """;

    @TempDir
    Path folder;

    private SmallRun run(String name, String hocon) throws Exception {
        SmallRun run = new SmallRun(folder.resolve(name));
        run.run(hocon);
        return run;
    }

    private static String rl(int steps, String more, String algorithm) {
        return "phases = [ { kind = rl, steps = " + steps + ", prompts-per-step = 6, " + more + ", algorithm { "
                + algorithm + " } } ]\n";
    }

    @Test
    void aLossThatSortsTheWholeBatchDoesNotDependOnHowItIsCut() throws Exception {
        String algorithm = "name = sorted-pairs, data = rollouts";
        SmallRun whole = run("whole", rl(3, "optimiser.micro-batch-tokens = 100000", algorithm));
        SmallRun cut = run("cut", rl(3, "optimiser.micro-batch-tokens = 1", algorithm));

        for (int step = 0; step < 3; step++) {
            assertThat(whole.metrics.get(step).get("grad_norm")).isPositive();
            for (String name : new String[] {"loss", "grad_norm", "reward"}) {
                assertThat(cut.metrics.get(step).get(name))
                        .isCloseTo(whole.metrics.get(step).get(name), within(1e-6));
            }
        }
    }

    @Test
    void aTeachersDistributionIsLearned() throws Exception {
        String algorithm = "name = favoured-token, beta = 0, token = 3, share = 0.9, vocabulary = 13";
        SmallRun run = run("distil", rl(40, "optimiser.learning-rate = 1e-2", algorithm));

        double before = run.metrics.getFirst().get("loss/distil");
        double after = run.metrics.getLast().get("loss/distil");
        assertThat(after).isLessThan(before / 2);
        assertThat(run.answers.getLast().answer()).isEqualTo("222");
    }

    @Test
    void whatAnEnvironmentSaysBetweenTwoAnswersIsOutsideTheLoss() throws Exception {
        String algorithm = "name = grpo, samples-per-prompt = 4, kl.coefficient = 0.1";
        SmallRun run = run("turns", TWO_TURNS + rl(2, "epochs = 1", algorithm));

        LoopEvent.Collected collected = run.events.stream()
                .filter(LoopEvent.Collected.class::isInstance)
                .map(LoopEvent.Collected.class::cast)
                .findFirst()
                .orElseThrow();
        double answered = run.metrics.getFirst().get("completions/mean_length") * collected.rows();
        assertThat(run.metrics.getFirst().get("num_tokens")).isEqualTo(answered);
        assertThat(answered).isLessThan(collected.tokens());
    }

    @Test
    void aPluginsStateSurvivesAKill() throws Exception {
        String hocon = "checkpoint.every = 2\n" + rl(6, "epochs = 1", "name = moving-baseline, rate = 0.3");
        SmallRun straight = run("straight", hocon);

        SmallRun killed = new SmallRun(folder.resolve("killed")).dyingAfter(5);
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);

        assertThat(resumed.model()).isEqualTo(straight.model());
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
    }
}
