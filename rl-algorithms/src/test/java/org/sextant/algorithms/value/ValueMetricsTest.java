// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.testkit.Batches;

class ValueMetricsTest {
    private static final double[] RETURNS = {50, 1, 2, 3, 4, 50, 2};

    /** Answers of four and one tokens after prompts of one; what stands outside is far off. */
    private static Map<String, Double> of(double... values) {
        double[] states = {-90, values[0], values[1], values[2], values[3], -90, -90, values[4], -90};
        Experience batch =
                Batches.rows(5, 2).prompts(1, 1).with(Standard.VALUES, states).build();
        Metrics metrics = new Metrics();
        ValueMetrics.write(metrics, batch, RETURNS, batch.get(Standard.RESPONSE_MASK));
        return metrics.values();
    }

    /** Returns 1, 2, 3, 4, 2: mean 2.4, squares about it 5.2. Errors 0.5, 0, 1, −1, 0.5: mean 0.2, squares about it 2.3. */
    @Test
    void byHand() {
        Map<String, Double> found = of(.5, 2, 2, 5, 1.5);
        assertThat(found.get("critic/vf_explained_var")).isCloseTo(1 - 2.3 / 5.2, within(1e-12));
        assertThat(found.get("critic/values/mean")).isCloseTo(11 / 5.0, within(1e-12));
        assertThat(found.get("critic/returns/mean")).isCloseTo(2.4, within(1e-12));
        // A third of four tokens, rounded up, is two; of one it is that one, early and late.
        assertThat(found.get("critic/error_early")).isCloseTo((.5 + 0 + .5) / 3, within(1e-12));
        assertThat(found.get("critic/error_late")).isCloseTo((1 + 1 + .5) / 3, within(1e-12));
    }

    @Test
    void aPerfectCriticExplainsAllAndAConstantOneNothing() {
        assertThat(of(1, 2, 3, 4, 2).get("critic/vf_explained_var")).isEqualTo(1);
        assertThat(of(7, 7, 7, 7, 7).get("critic/vf_explained_var")).isCloseTo(0, within(1e-12));
        assertThat(of(4, 3, 2, 1, 3).get("critic/vf_explained_var")).isNegative();
        assertThat(of(3, 4, 5, 6, 4).get("critic/vf_explained_var"))
                .as("an error that is everywhere the same")
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void whereReturnsDoNotVaryNothingIsSaid() {
        Experience batch =
                Batches.rows(2).with(Standard.VALUES, new double[] {0, 1, 0}).build();
        Metrics metrics = new Metrics();
        ValueMetrics.write(metrics, batch, new double[] {3, 3}, batch.get(Standard.RESPONSE_MASK));
        assertThat(metrics.values())
                .doesNotContainKey("critic/vf_explained_var")
                .containsEntry("critic/returns/mean", 3.0);
    }
}
