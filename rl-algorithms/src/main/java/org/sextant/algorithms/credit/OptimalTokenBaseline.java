// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * Returns less the baseline that has the least variance at each step of a group's answers (verl's {@code
 * optimal_token_baseline}, after the optimal baseline of Greensmith et al. 2004):
 *
 * <pre>
 * B_t = Σ_i G_{i,t} W_{i,t} / (Σ_i W_{i,t} + ε)      W_{i,t} = Σ_{s≤t} (1 − 2 π(y_s) + Σ_v π(v)²)      A_{i,t} = G_{i,t} − B_t
 * </pre>
 *
 * W stands for the squared norm of the gradient of the answer's log-probability up to t: one minus twice the
 * probability of what was chosen plus the sum of all squared. Sums are over the answers that still choose at step t.
 * Where their returns are all equal the advantage is exactly 0 (with ε = 0).
 *
 * @param single what becomes of a group of one: its return, or nothing
 * @param align which steps of answers are compared
 * @param zeroTail whether the part of the longest answer that no other reaches has baseline 0 (else its own return: no advantage)
 * @param epsilon added to the sum of weights (verl 1e-8)
 */
public record OptimalTokenBaseline(Single single, Align align, boolean zeroTail, double epsilon) implements Estimator {
    private static final ReturnCredit TO_GO = new ReturnCredit(
            new GroupCredit(Baseline.NONE, Scale.NONE, 0, 0, Single.KEEP),
            Optional.empty(),
            Penalty.TO_GO,
            Unit.TOKEN,
            1,
            Holes.CARRY);

    /** Which steps of a group's answers are compared. */
    public enum Align {
        /** Tokens at the same place after the prompt, whoever chose the ones between. */
        POSITION,
        /** The n-th token that the policy chose of each answer (verl's multi-turn variant). */
        CHOICE
    }

    @Override
    public Needs needs(Needs some) {
        return some.with(Standard.SUM_PI_SQUARED);
    }

    @Override
    public Optional<GroupCredit> compares() {
        return Optional.empty();
    }

    @Override
    public Estimate estimate(RewardSignal signal, Experience batch) {
        double[] returns = TO_GO.estimate(signal, batch).tokens();
        double[] weights = weights(signal, batch);
        double[] advantages = returns.clone();
        int[][] places = places(batch);
        for (int[] members : Answers.of(signal.rows(), signal, batch).groups().members()) {
            if (members.length == 1) {
                silence(members[0], batch.layout(), advantages);
            } else {
                baselines(Arrays.stream(members).mapToObj(row -> places[row]).toList(), returns, weights, advantages);
            }
        }
        return new Estimate(advantages, Optional.empty(), Optional.of(returns));
    }

    private void silence(int row, Layout layout, double[] advantages) {
        if (single == Single.ZERO) {
            Arrays.fill(advantages, layout.start(row), layout.end(row), 0);
        }
    }

    /** Cumulative weights W of the chosen tokens of rows that count. */
    private static double[] weights(RewardSignal signal, Experience batch) {
        Layout layout = batch.layout();
        boolean[] counted = TokenRewards.counted(signal, batch);
        double[] logp = batch.get(Standard.OLD_LOGP);
        double[] sumPiSquared = batch.get(Standard.SUM_PI_SQUARED);
        double[] weights = new double[layout.tokens()];
        for (int row = 0; row < layout.rows(); row++) {
            double sum = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                sum += counted[t] ? 1 - 2 * Math.exp(logp[t]) + sumPiSquared[t] : 0;
                weights[t] = sum;
            }
        }
        return weights;
    }

    /** For each row, the token at each step; below 0 where the policy chose nothing. */
    private int[][] places(Experience batch) {
        Layout layout = batch.layout();
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        int[][] places = new int[layout.rows()][];
        for (int row = 0; row < places.length; row++) {
            int[] steps = new int[layout.length(row)];
            Arrays.fill(steps, -1);
            int step = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                steps[step] = mask[t] ? t : -1;
                step += mask[t] || align == Align.POSITION ? 1 : 0;
            }
            places[row] = steps;
        }
        return places;
    }

    private void baselines(List<int[]> places, double[] returns, double[] weights, double[] advantages) {
        int longest = places.stream().mapToInt(p -> p.length).max().orElse(0);
        for (int step = 0; step < longest; step++) {
            int at = step;
            int[] tokens = places.stream()
                    .mapToInt(p -> at < p.length ? p[at] : -1)
                    .filter(t -> t >= 0)
                    .toArray();
            double baseline = baseline(tokens, returns, weights);
            for (int t : tokens) {
                advantages[t] = returns[t] - baseline;
            }
        }
        if (zeroTail) {
            leaveTail(places, returns, advantages);
        }
    }

    private double baseline(int[] tokens, double[] returns, double[] weights) {
        double paid = 0;
        double all = epsilon;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int t : tokens) {
            paid += returns[t] * weights[t];
            all += weights[t];
            least = Math.min(least, returns[t]);
            most = Math.max(most, returns[t]);
        }
        // Nothing to weigh with: certain choices have no gradient, so any baseline will do.
        return all == 0 || epsilon == 0 && least == most ? least : paid / all;
    }

    /** Baseline 0 where the one longest answer is longer than all others. */
    private static void leaveTail(List<int[]> places, double[] returns, double[] advantages) {
        int[] lengths = places.stream().mapToInt(OptimalTokenBaseline::choices).toArray();
        int[] sorted = Arrays.stream(lengths).sorted().toArray();
        int second = sorted[sorted.length - 2];
        int origin =
                places.stream().mapToInt(OptimalTokenBaseline::firstStep).min().orElse(0);
        for (int i = 0; i < lengths.length; i++) {
            int[] steps = places.get(i);
            for (int step = origin + second; lengths[i] > second && step < steps.length; step++) {
                if (steps[step] >= 0) {
                    advantages[steps[step]] = returns[steps[step]];
                }
            }
        }
    }

    private static int choices(int[] steps) {
        return (int) Arrays.stream(steps).filter(t -> t >= 0).count();
    }

    private static int firstStep(int[] steps) {
        int step = 0;
        while (step < steps.length && steps[step] < 0) {
            step++;
        }
        return step;
    }
}
