// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * Discounted returns as advantages: {@code G_k = r_k + γ G_{k+1}} over the actions of an answer. The last action is
 * paid the advantage of the whole answer against its baseline, each its own rewards and penalties:
 *
 * <pre>
 * r_t = (tokens_t − [first] penalty_t + [t last] (rows_i − baseline_i)) / scale_i − [afterwards] penalty_t
 * </pre>
 *
 * where "first" and "afterwards" say whether the baseline was taken from rewards less their penalties. With γ = 1 the
 * first token's return is the advantage of {@link AnswerCredit}. What a critic would learn are the same sums without
 * baseline, limit and scale.
 *
 * <p>Sources: REINFORCE++ (arXiv 2501.03262: no baseline; its baseline variant: mean), ReMax (2310.10505: greedy; its
 * authors limit the answer's advantage and let each token bear its own step's penalty), OpenRLHF's rloo and group_norm.
 *
 * @param comparison baseline and scale of the answer's reward
 * @param limit advantages of answers are limited to ± this
 * @param penalty which penalties a token bears
 * @param unit what an action is
 * @param gamma discount for each action
 * @param holes what passes tokens that the policy did not choose
 */
public record ReturnCredit(
        GroupCredit comparison, Optional<Double> limit, Penalty penalty, Unit unit, double gamma, Holes holes)
        implements Estimator {
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
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        Steps steps = Steps.of(unit, signal, batch);
        double[] advantages = sums(rewards(signal, batch), steps, signal.scored());
        if (penalty == Penalty.OWN) {
            penalty.takeOff(advantages, signal, batch.layout(), mask);
        }
        double[] returns = sums(TokenRewards.of(signal, batch, false), steps, signal.scored());
        return new Estimate(advantages, Optional.empty(), Optional.of(returns));
    }

    /** Rewards by token, less those penalties that are summed like them. */
    private double[] rewards(RewardSignal signal, Experience batch) {
        Layout layout = batch.layout();
        double[] totals = signal.totals(layout, batch.get(Standard.RESPONSE_MASK));
        Compared compared = comparison.compare(Answers.of(totals, signal, batch));
        boolean summed = penalty == Penalty.TO_GO;
        boolean scaled = summed && signal.penaltyFirst();
        double[] rewards = TokenRewards.of(lastRewards(signal, totals, compared), scaled, signal, batch);
        for (int row = 0; row < layout.rows(); row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                rewards[t] /= compared.divisor()[row];
            }
        }
        return summed && !scaled ? less(rewards, signal.penalty(), TokenRewards.counted(signal, batch)) : rewards;
    }

    /** What the last action is paid so that, undiscounted and before any scale, an answer adds up to its limited advantage. */
    private double[] lastRewards(RewardSignal signal, double[] totals, Compared compared) {
        double[] paid = new double[totals.length];
        for (int row = 0; row < paid.length; row++) {
            double scale = compared.divisor()[row];
            double advantage = (totals[row] - compared.baseline()[row]) / scale;
            double excess =
                    limit.map(c -> advantage - Math.clamp(advantage, -c, c)).orElse(0.0);
            paid[row] = signal.rows()[row] - compared.baseline()[row] - excess * scale;
        }
        return paid;
    }

    private static double[] less(double[] rewards, double[] penalty, boolean[] counted) {
        double[] left = rewards.clone();
        for (int t = 0; t < left.length; t++) {
            left[t] -= counted[t] ? penalty[t] : 0;
        }
        return left;
    }

    /** Discounted rewards to come. */
    private double[] sums(double[] rewards, Steps steps, boolean[] scored) {
        double[] returns = new double[rewards.length];
        for (int row = 0; row < scored.length; row++) {
            double later = 0;
            int last = scored[row] ? steps.last(row) : -1;
            while (last >= steps.layout().start(row)) {
                int first = steps.first(row, last);
                later = steps.sum(rewards, first, last) + gamma * later;
                steps.fill(returns, first, last, later);
                int before = steps.choiceBefore(row, first);
                later *= passing(first - before - 1);
                last = before;
            }
        }
        return returns;
    }

    /** What is left of later returns before so many tokens that the policy did not choose. */
    private double passing(int hole) {
        return switch (holes) {
            case CARRY -> 1;
            case ZERO -> Math.pow(gamma, hole);
            case CUT -> hole == 0 ? 1 : 0;
        };
    }
}
