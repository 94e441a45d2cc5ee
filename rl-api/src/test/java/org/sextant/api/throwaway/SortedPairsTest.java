// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.Golden;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.RowRole;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.testkit.AlgorithmContract;
import org.sextant.api.testkit.Batches;

class SortedPairsTest {
    private static final LogProb LOGP = new LogProb();

    @Nested
    class OnStoredPairs extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return new SortedPairs(0.3, DataKind.PREFERENCE_PAIRS);
        }
    }

    @Nested
    class OnRollouts extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return new SortedPairs(0.3, DataKind.ROLLOUTS);
        }
    }

    static List<Golden> trl() {
        return Golden.cases("aot.json");
    }

    /** Each answer is one token; chosen and rejected rows alternate. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("trl")
    void isTrlsAot(Golden c) {
        double[] policy = interleave(c.flat("policy_chosen_logps"), c.flat("policy_rejected_logps"));
        double[] reference = interleave(c.flat("ref_chosen_logps"), c.flat("ref_rejected_logps"));
        RowRole[] roles = new RowRole[policy.length];
        Arrays.setAll(roles, row -> row % 2 == 0 ? RowRole.CHOSEN : RowRole.REJECTED);
        int[] groups = new int[policy.length];
        Arrays.setAll(groups, row -> row / 2);
        int[] lengths = new int[policy.length];
        Arrays.fill(lengths, 1);
        Experience batch = Batches.rows(lengths)
                .group(groups)
                .with(Standard.ROLE, roles)
                .with(Standard.REF_LOGP, reference)
                .build();
        Evaluation found = evaluate(new SortedPairs(c.hyper("beta"), DataKind.PREFERENCE_PAIRS), batch, batch, policy);
        assertThat(found.loss()).isCloseTo(c.number("loss"), within(1e-9));
        double[] gradient = interleave(c.flat("grad_policy_chosen_logps"), c.flat("grad_policy_rejected_logps"));
        assertThat(found.gradients().get(LOGP)).containsExactly(gradient, within(1e-9));
    }

    private static double[] interleave(double[] even, double[] odd) {
        double[] both = new double[2 * even.length];
        Arrays.setAll(both, i -> i % 2 == 0 ? even[i / 2] : odd[i / 2]);
        return both;
    }

    private static Evaluation evaluate(Algorithm algorithm, Experience slice, Experience whole, double[] logp) {
        LossScope scope = new LossScope(slice, whole, Map.of(LOGP, logp));
        return Evaluation.of(scope, algorithm.objective(scope));
    }

    @Test
    void bestAndWorstOfEachGroupBecomePairs() {
        Experience raw = Batches.rows(1, 1, 1, 1, 1, 1, 1)
                .group(0, 0, 0, 1, 1, 2, 2)
                .reward(0.5, 1, 0, 1, 1, Double.NaN, 1)
                .build();
        SortedPairs algorithm = new SortedPairs(1, DataKind.ROLLOUTS);
        Rows rows = algorithm.curate(raw);
        assertThat(rows).isEqualTo(Rows.of(1, 2));
        assertThat(algorithm.credit(raw.select(rows), new Metrics()).get(Standard.ROLE))
                .containsExactly(RowRole.CHOSEN, RowRole.REJECTED);
    }

    /** What {@code Coupling.BATCH} prevents: a sort over a slice is another loss, and the API says so. */
    @Test
    void aSliceOfABatchCoupledLossIsRefused() {
        Experience batch = Batches.rows(1, 1, 1, 1)
                .group(0, 0, 1, 1)
                .with(Standard.ROLE, new RowRole[] {RowRole.CHOSEN, RowRole.REJECTED, RowRole.CHOSEN, RowRole.REJECTED})
                .with(Standard.REF_LOGP, new double[4])
                .build();
        Experience slice = batch.select(Rows.of(0, 1));
        assertThatThrownBy(() ->
                        evaluate(new SortedPairs(1, DataKind.PREFERENCE_PAIRS), slice, batch, new double[] {-1, -2}))
                .hasMessageContaining("Coupling.BATCH");
    }
}
