// SPDX-License-Identifier: Apache-2.0
package example.awr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.testkit.AlgorithmContract;

/** What every algorithm must hold to, and the numbers of this one. */
class AwrTest extends AlgorithmContract {
    @Override
    protected Algorithm algorithm() {
        return new Awr(new AwrConfig(4, 0.5, 2));
    }

    @Test
    void weightsAreExponentialInTheAdvantageUpToALimit() {
        Experience batch = Experience.of(
                Layout.ofLengths(1, 1, 1, 1),
                Columns.of(Standard.REWARD, new double[] {1, 0, 0.5, Double.NaN})
                        .with(Standard.GROUP, new int[] {7, 7, 7, 7})
                        .with(Standard.VALID, new boolean[] {true, true, true, false}));

        double[] weight = algorithm().credit(batch, new Metrics()).get(Column.doubles("awr/weight", Domain.ROW));

        // Mean 0.5: advantages 0.5, -0.5 and 0 over a temperature of 0.5, and e is above the limit of 2.
        assertThat(weight).containsExactly(new double[] {2, Math.exp(-1), 1, 0}, within(1e-12));
    }
}
