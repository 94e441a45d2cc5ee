// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.algorithms.value.ValueLoss.Over;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Head;
import org.sextant.api.output.Output;
import org.sextant.api.tape.Tape;
import org.sextant.api.tape.Term;
import org.sextant.api.testkit.Batches;

class ValueLossTest {
    /** A value V, the old one at 1, a return R; half the larger square, and the slope in V. */
    @ParameterizedTest
    @CsvSource({
        // Inside the limits: the plain loss.
        "1.1, 2, 0.405, -0.9",
        "0.9, 1, 0.005, -0.1",
        // Beyond them on the way to the return: the limited value has the larger error and no slope.
        "1.5, 2, 0.32, 0",
        "0.5, 0, 0.32, 0",
        // Beyond them and past the return, whichever is further away.
        "1.5, 1, 0.125, 0.5",
        "1.5, 1.3, 0.02, 0.2",
        "1.5, 1.4, 0.02, 0",
        // Beyond them on the wrong side.
        "0.5, 2, 1.125, -1.5"
    })
    void clippedByHand(double value, double target, double loss, double slope) {
        assertThat(one(new ValueLoss(1, Optional.of(.2), Over.TOKEN_MEAN), value, target))
                .containsExactly(new double[] {loss, slope}, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"1.1, 2, 0.405, -0.9", "1.5, 2, 0.125, -0.5", "0.5, 0, 0.125, 0.5"})
    void plainByHand(double value, double target, double loss, double slope) {
        assertThat(one(new ValueLoss(1, Optional.empty(), Over.TOKEN_MEAN), value, target))
                .containsExactly(new double[] {loss, slope}, within(1e-12));
    }

    private static double[] one(ValueLoss loss, double value, double target) {
        Tape tape = new Tape(Layout.ofLengths(1));
        Term values = tape.variable(Domain.TOKEN, new double[] {value});
        Term found = loss.loss(
                values, tape.constant(Domain.TOKEN, new double[] {1}), tape.constant(Domain.TOKEN, new double[] {target
                }));
        tape.gradients(Map.of(found, new double[] {1}));
        return new double[] {found.values()[0], values.gradient()[0]};
    }

    /** Answers of 1 and 3 tokens after prompts of one; squares 1, 4, 9, 16 of what the values are off by. */
    private static Experience batch() {
        return Batches.rows(2, 4)
                .prompts(1, 1)
                .with(Standard.VALUES, new double[] {9, 0, 9, 9, 0, 0, 0, 9})
                .with(Standard.RETURNS, new double[] {9, 1, 9, 2, 3, 4})
                .build();
    }

    private static final double[] ZERO = new double[8];

    private record Found(Evaluation evaluation, Metrics metrics) {}

    private static Found part(ValueLoss loss, Experience batch, double[] values, Reduce same) {
        Map<Output, double[]> outputs = new LinkedHashMap<>();
        outputs.put(Head.VALUE, values);
        LossScope scope = new LossScope(batch, batch, outputs);
        Metrics metrics = new Metrics();
        Objective objective = new Objective(List.of(loss.part(scope, Mask.response(), same, metrics)), new Metrics());
        return new Found(Evaluation.of(scope, objective), metrics);
    }

    /** The value of a token is that of the state it was chosen in; the state after the last token, and those of the prompt, have none. */
    @Test
    void isAMeanOverTokensOfTheStatesTheyWereChosenIn() {
        ValueLoss loss = new ValueLoss(.1, Optional.empty(), Over.TOKEN_MEAN);
        Found found = part(loss, batch(), ZERO, Reduce.sequenceMeanTokenMean(true));
        assertThat(found.evaluation().parts().get("value")).isCloseTo(.5 * 30 / 4, within(1e-12));
        assertThat(found.evaluation().loss()).isCloseTo(.1 * .5 * 30 / 4, within(1e-12));
        assertThat(found.evaluation().gradients().get(Head.VALUE))
                .containsExactly(new double[] {0, -.1 / 4, 0, 0, -.2 / 4, -.3 / 4, -.4 / 4, 0}, within(1e-12));
        assertThat(found.metrics().values()).containsEntry("critic/vf_clipfrac", 0.0);
    }

    @Test
    void orIsAggregatedLikeThePolicyLoss() {
        ValueLoss loss = new ValueLoss(1, Optional.empty(), Over.SAME);
        Found found = part(loss, batch(), ZERO, Reduce.sequenceMeanTokenMean(true));
        assertThat(found.evaluation().loss()).isCloseTo((.5 + .5 * 29 / 3) / 2, within(1e-12));
    }

    /** Two of four have moved by more than 0.5 towards their returns; one has moved away. */
    @Test
    void theClipFractionCountsWhereTheLimitedValueIsTheWorse() {
        ValueLoss loss = new ValueLoss(1, Optional.of(.5), Over.TOKEN_MEAN);
        double[] values = {7, .9, 7, 7, .6, .5, -2, 7};
        assertThat(part(loss, batch(), values, Reduce.tokenMean()).metrics().values())
                .containsEntry("critic/vf_clipfrac", .5);
    }
}
