// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/** Expected tokens and rows are those of TRL's tests of its high-entropy mask and of its off-policy mask. */
class PolicyFilterTest {
    private static final boolean[] MASK = {true, true, true, true, true, true, true, true, true, true, false, false};

    /** Entropies 0.1 … 1.2 in two rows of six; the last two are padding. */
    @ParameterizedTest
    @CsvSource({"0.2, 9", "0.5, 6", "1, 1", "1e-9, 10"})
    void keepsTheShareOfHighestEntropyInsideTheMask(double share, int firstKept) {
        double[] entropies = new double[12];
        for (int t = 0; t < 12; t++) {
            entropies[t] = (t + 1) / 10.0;
        }
        Layout layout = Layout.ofLengths(6, 6);
        Experience batch = Experience.of(layout, Columns.of(Standard.RESPONSE_MASK, MASK));
        PolicyFilter filter = new PolicyFilter(Optional.empty(), share);

        double[] kept = apply(filter, batch, new double[12], entropies, MASK);

        for (int t = 0; t < 10; t++) {
            assertThat(kept[t]).as("token %d", t + 1).isEqualTo(t + 1 >= firstKept ? 1 : 0);
        }
        assertThat(filter.coupling()).isEqualTo(share < 1 ? Coupling.BATCH : Coupling.ROW);
    }

    /** Mean log(π_sampled/π) = [2, 0.5, 2], limit 1: only the bad token of the third answer is left out; padding of ±10⁴ does not count. */
    @Test
    void leavesOutBadAnswersThatThePolicyHasMovedAwayFrom() {
        double[] sampled = {2, 2, 0.5, 0.5, 3, 1, 1e4, -1e4};
        boolean[] mask = {true, true, true, true, true, true, false, false};
        Layout layout = Layout.ofLengths(2, 2, 4);
        Experience batch = Experience.of(
                layout,
                Columns.of(Standard.RESPONSE_MASK, mask)
                        .with(Standard.SAMPLING_LOGP, sampled)
                        .with(Standard.ADVANTAGES, new double[] {1, 1, -1, -1, -1, 1, 0, 0}));

        double[] kept = apply(new PolicyFilter(Optional.of(1.0), 1), batch, new double[8], new double[8], mask);

        assertThat(kept).containsExactly(1, 1, 1, 1, 0, 1, 0, 0);
    }

    private static double[] apply(
            PolicyFilter filter, Experience batch, double[] logp, double[] entropies, boolean[] mask) {
        LossScope scope = new LossScope(batch, batch, Map.of(new LogProb(), logp, new Entropy(), entropies));
        Term ones = scope.output(new LogProb()).times(0).plus(1);
        return filter.apply(ones, scope, mask).values();
    }
}
