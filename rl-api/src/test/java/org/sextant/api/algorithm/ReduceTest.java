// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.tape.Term;
import org.sextant.api.testkit.Batches;

class ReduceTest {
    private static final LogProb LOGP = new LogProb();

    private static double loss(Experience batch, Reduce reduce, double... terms) {
        LossScope scope = new LossScope(batch, batch, Map.of(LOGP, terms));
        Part part = new Part("policy", scope.output(LOGP), Mask.response(), reduce, 1);
        return Evaluation.of(scope, new Objective(List.of(part), new Metrics())).loss();
    }

    /** L = [[1, 1], [2, 2, 2, 2]]: 10/6, (2 + 8)/2, (1 + 2)/2, (2/4 + 8/4)/2, 10. */
    @Test
    void aggregationsOfTwoRows() {
        Experience batch = Batches.rows(2, 4).build();
        double[] terms = {1, 1, 2, 2, 2, 2};
        assertThat(loss(batch, Reduce.tokenMean(), terms)).isCloseTo(10.0 / 6, within(1e-15));
        assertThat(loss(batch, Reduce.sequenceMeanTokenSum(1, false), terms)).isEqualTo(5);
        assertThat(loss(batch, Reduce.sequenceMeanTokenMean(false), terms)).isEqualTo(1.5);
        assertThat(loss(batch, Reduce.sequenceMeanTokenSum(4, false), terms)).isEqualTo(1.25);
        assertThat(loss(batch, Reduce.sum(), terms)).isEqualTo(10);
    }

    @Test
    void rowsWithoutTokensThatCountAreInTheDenominatorOrNot() {
        Experience batch = Batches.rows(2, 3, 4).prompts(0, 3, 0).build();
        double[] terms = {1, 1, 9, 9, 9, 2, 2, 2, 2};
        assertThat(loss(batch, Reduce.sequenceMeanTokenMean(false), terms)).isEqualTo(1.5);
        assertThat(loss(batch, Reduce.sequenceMeanTokenMean(true), terms)).isCloseTo(1, within(1e-15));
        assertThat(loss(batch, Reduce.sequenceMeanTokenSum(2, false), terms)).isEqualTo(2.5);
        assertThat(loss(batch, Reduce.sequenceMeanTokenSum(2, true), terms)).isCloseTo(5.0 / 3, within(1e-15));
        assertThat(loss(batch, Reduce.tokenMean(), terms)).isCloseTo(10.0 / 6, within(1e-15));
    }

    @Test
    void nothingThatCountsIsZeroNotNaN() {
        Experience batch = Batches.rows(2, 0).prompts(2, 0).build();
        for (Reduce reduce : reductions().toList()) {
            assertThat(loss(batch, reduce, 1, Double.NaN)).as("%s", reduce).isZero();
        }
    }

    static Stream<Reduce> reductions() {
        return Stream.of(
                Reduce.tokenMean(),
                Reduce.sum(),
                Reduce.sequenceMeanTokenMean(true),
                Reduce.sequenceMeanTokenMean(false),
                Reduce.sequenceMeanTokenSum(7, true),
                Reduce.sequenceMeanTokenSum(1, false));
    }

    /** One slice of eight rows, eight of one, four of two: the same loss and the same gradient. */
    @ParameterizedTest
    @MethodSource("reductions")
    void slicesAddUpToTheBatch(Reduce reduce) {
        Experience batch = Batches.rows(3, 1, 6, 2, 4, 4, 5, 3)
                .prompts(1, 1, 2, 1, 4, 0, 1, 2)
                .reward(1, 0, 1, Double.NaN, 0, 1, 1, 0)
                .with(
                        Standard.OLD_LOGP,
                        new Streams(1).open(StreamKey.of("logp")).doubles(28).toArray())
                .build();
        Evaluation whole = evaluate(batch, batch, reduce);
        for (int size : new int[] {1, 2, 8}) {
            double loss = 0;
            List<Double> gradient = new ArrayList<>();
            for (int first = 0; first < 8; first += size) {
                Rows rows = Rows.of(IntStream.range(first, first + size).toArray());
                Evaluation slice = evaluate(batch.select(rows), batch, reduce);
                loss += slice.loss();
                for (double g : slice.gradients().get(LOGP)) {
                    gradient.add(g);
                }
            }
            assertThat(loss).isCloseTo(whole.loss(), within(1e-12));
            assertThat(gradient.stream().mapToDouble(Double::doubleValue).toArray())
                    .containsExactly(whole.gradients().get(LOGP), within(1e-12));
        }
    }

    private static Evaluation evaluate(Experience slice, Experience whole, Reduce reduce) {
        LossScope scope = new LossScope(slice, whole, Map.of(LOGP, slice.get(Standard.OLD_LOGP)));
        Term term = scope.output(LOGP).exp();
        Part part = new Part("policy", term, Mask.response().inRowsWhere(Standard.VALID), reduce, 0.5);
        return Evaluation.of(scope, new Objective(List.of(part), new Metrics()));
    }

    @Test
    void partsAddUpWithTheirCoefficients() {
        Experience batch = Batches.rows(1, 1).build();
        LossScope scope = new LossScope(batch, batch, Map.of(LOGP, new double[] {2, 4}));
        Term x = scope.output(LOGP);
        Objective objective = new Objective(
                List.of(
                        new Part("policy", x.square(), Mask.response(), Reduce.tokenMean(), 1),
                        new Part("kl", x, Mask.response(), Reduce.sum(), -0.5),
                        new Part("kl", x, Mask.response(), Reduce.tokenMean(), 0.1),
                        new Part("rows", x.rowSum(new boolean[] {true, true}), Mask.allRows(), Reduce.rowMean(), 2)),
                new Metrics());
        Evaluation found = Evaluation.of(scope, objective);
        assertThat(found.parts())
                .containsExactly(Map.entry("policy", 10.0), Map.entry("kl", 9.0), Map.entry("rows", 3.0));
        assertThat(found.loss()).isCloseTo(10 - 3 + 0.3 + 6, within(1e-12));
        assertThat(found.gradients().get(LOGP))
                .containsExactly(new double[] {2 - 0.5 + 0.05 + 1, 4 - 0.5 + 0.05 + 1}, within(1e-12));
    }

    @Test
    void numbersThatDoNotCountMayBeNaN() {
        Experience batch = Batches.rows(2).prompts(1).build();
        assertThat(loss(batch, Reduce.tokenMean(), Double.NaN, 3)).isEqualTo(3);
    }

    @Test
    void aMaskOfTheWrongLength() {
        Experience batch = Batches.rows(2, 1).build();
        LossScope scope = new LossScope(batch, batch, Map.of(LOGP, new double[3]));
        Part part = new Part("policy", scope.output(LOGP), Mask.allRows(), Reduce.tokenMean(), 1);
        assertThatThrownBy(() -> Evaluation.of(scope, new Objective(List.of(part), new Metrics())))
                .hasMessageContaining("part 'policy': a mask of 2");
        Term rows = scope.output(LOGP).rowSum(new boolean[3]);
        Part sequence = new Part("policy", rows, Mask.allRows(), Reduce.sequenceMeanTokenMean(true), 1);
        assertThatThrownBy(() -> Evaluation.of(scope, new Objective(List.of(sequence), new Metrics())))
                .hasMessageContaining("use rowMean()");
    }

    @Test
    void aMeanWithoutMaskCannotBeCut() {
        Experience batch = Batches.rows(2, 1).build();
        Experience slice = batch.select(Rows.of(0));
        LossScope scope = new LossScope(slice, batch, Map.of(LOGP, new double[2]));
        Part part = new Part("sorted", scope.output(LOGP).sum(), null, Reduce.rowMean(), 1);
        assertThatThrownBy(() -> Evaluation.of(scope, new Objective(List.of(part), new Metrics())))
                .hasMessageContaining("part 'sorted'")
                .hasMessageContaining("Coupling.BATCH");
    }

    @Test
    void anOutputThatWasNotAskedFor() {
        Experience batch = Batches.rows(1).build();
        LossScope scope = new LossScope(batch, batch, Map.of(LOGP, new double[1]));
        assertThatThrownBy(() -> scope.output(new org.sextant.api.output.Entropy()))
                .hasMessageContaining("'entropy' was not asked for")
                .hasMessageContaining("[logp]");
    }
}
