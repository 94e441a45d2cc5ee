// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * One advantage for all tokens of an answer, from comparing its whole reward (GRPO 2402.03300, RLOO 2402.14740, OPO
 * 2505.23585 …). A penalty that does not come first is taken off the tokens afterwards.
 *
 * @param comparison baseline and scale
 * @param limit advantages of answers are limited to ± this
 * @param penalty which penalty a token bears, if it is taken off afterwards
 */
public record AnswerCredit(GroupCredit comparison, Optional<Double> limit, Penalty penalty) implements Estimator {
    /** Every token its answer's advantage, unlimited. */
    public static AnswerCredit of(GroupCredit comparison) {
        return new AnswerCredit(comparison, Optional.empty(), Penalty.OWN);
    }

    @Override
    public Needs needs(Needs some) {
        return comparison.needs(some);
    }

    @Override
    public boolean[] counted(RewardSignal signal, Experience batch) {
        return comparison.counted(signal.scored(), batch);
    }

    @Override
    public Optional<GroupCredit> compares() {
        return Optional.of(comparison);
    }

    @Override
    public Estimate estimate(RewardSignal signal, Experience batch) {
        Layout layout = batch.layout();
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        double[] rows = advantages(signal, batch);
        double[] tokens = Advantages.toTokens(rows, layout, mask);
        if (signal.penaltyFirst()) {
            return new Estimate(tokens, Optional.of(rows), Optional.empty());
        }
        penalty.takeOff(tokens, signal, layout, mask);
        return new Estimate(tokens, Optional.empty(), Optional.empty());
    }

    private double[] advantages(RewardSignal signal, Experience batch) {
        double[] totals = signal.totals(batch.layout(), batch.get(Standard.RESPONSE_MASK));
        double[] rows = comparison.compare(Answers.of(totals, signal, batch)).advantages(totals, signal.scored());
        return limit.map(c -> Advantages.clip(rows, -c, c)).orElse(rows);
    }
}
