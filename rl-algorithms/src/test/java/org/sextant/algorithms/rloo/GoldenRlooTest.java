// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rloo;

import static org.sextant.algorithms.Numbers.assertNear;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.algorithms.Golden;
import org.sextant.algorithms.Trial;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/** The loss, its gradient and its metrics as TRL computes them. */
class GoldenRlooTest {
    static Stream<Golden> trl() {
        return Golden.cases("losses_rl_trl.json", "trl_rloo_loss");
    }

    @ParameterizedTest
    @MethodSource
    void trl(Golden golden) {
        Layout layout = golden.layout("completion_mask");
        boolean[] mask = golden.mask("completion_mask");
        double[] oldRows = golden.numbers("old_logps");
        double[] old = new double[mask.length];
        for (int row = 0; row < oldRows.length; row++) {
            // The case has the sum alone; how it is spread over the tokens must not matter.
            old[layout.start(row)] = oldRows[row];
        }
        double[] rows = golden.numbers("advantages");
        Experience batch = Experience.of(
                layout,
                Columns.of(Standard.RESPONSE_MASK, mask)
                        .with(Standard.OLD_LOGP, old)
                        .with(Advantages.BY_ROW, rows)
                        .with(Standard.ADVANTAGES, Advantages.toTokens(rows, layout, mask)));
        Algorithm algorithm = Trial.algorithm(
                new RlooProvider(),
                "kl.coefficient = 0",
                "surrogate.kind = clip",
                "surrogate.clip-low = " + golden.hyper("epsilon_low").asDouble(),
                "surrogate.clip-high = " + golden.hyper("epsilon_high").asDouble());
        Trial trial = Trial.of(algorithm, batch, golden.numbers("per_token_logps"));
        assertNear("loss", trial.loss(), golden.number("loss"), 1e-9);
        assertNear("gradient", trial.gradient(), golden.numbers("grad_per_token_logps"), 1e-9);
        for (String name : List.of("low_mean", "low_min", "high_mean", "high_max", "region_mean")) {
            assertNear(name, trial.metric("clip_ratio/" + name), golden.metric("clip_ratio/" + name), 1e-6);
        }
    }
}
