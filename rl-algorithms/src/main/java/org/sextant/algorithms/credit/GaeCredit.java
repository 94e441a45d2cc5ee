// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;

/**
 * Generalised advantage estimation (Schulman et al., arXiv 1506.02438) with a critic's values, over the actions k of an answer:
 *
 * <pre>
 * δ_k = r_k + γ V(s_{k+1}) − V(s_k)      A_k = δ_k + γλ A_{k+1}      return_k = A_k + V(s_k)
 * </pre>
 *
 * Returns are what the critic learns; they are taken before any whitening. Penalties are a part of r. λ = 1 is the
 * return less the value, λ = 0 the error of one step. An answer without a reward teaches the critic nothing: its
 * returns are the values.
 *
 * @param gamma discount for each action
 * @param lambda of the advantages
 * @param returnsLambda of the returns; empty: the same (VAPO, arXiv 2504.05118: 1)
 * @param lengthAdaptive α: λ of an answer's advantages is {@code 1 − 1/(α · actions)}, at least 0 (VAPO); empty: λ as it is
 * @param unit what an action is
 * @param holes what passes tokens that the policy did not choose
 * @param bootstrap whether an answer that was cut off is worth V of its last state instead of 0
 * @param scaleRewards whether rewards by token are divided by their standard deviation (TRL's {@code whiten_rewards})
 */
public record GaeCredit(
        double gamma,
        double lambda,
        Optional<Double> returnsLambda,
        Optional<Double> lengthAdaptive,
        Unit unit,
        Holes holes,
        boolean bootstrap,
        boolean scaleRewards)
        implements Estimator {
    /** One λ, tokens as actions, nothing after the end. */
    public static GaeCredit of(double gamma, double lambda, Holes holes, boolean scaleRewards) {
        return new GaeCredit(gamma, lambda, Optional.empty(), Optional.empty(), Unit.TOKEN, holes, false, scaleRewards);
    }

    @Override
    public Needs needs(Needs some) {
        return some.with(Role.CRITIC, Standard.VALUES).with(Head.VALUE);
    }

    @Override
    public Optional<GroupCredit> compares() {
        return Optional.empty();
    }

    @Override
    public Estimate estimate(RewardSignal signal, Experience batch) {
        Steps steps = Steps.of(unit, signal, batch);
        double[] rewards = TokenRewards.of(signal, batch, scaleRewards);
        double[] values = batch.get(Standard.VALUES);
        double[] advantages = new double[rewards.length];
        double[] returns = new double[rewards.length];
        ValueSteps walk = new ValueSteps(steps, rewards, values, gamma, holes);
        for (int row = 0; row < batch.rows(); row++) {
            double end = bootstrap && truncated(batch, row) ? values[steps.last(row) + 1 + row] : 0;
            if (signal.scored()[row]) {
                double own = lambda(row, steps);
                walk.advantages(row, end, own, advantages);
                walk.advantages(row, end, returnsLambda.orElse(own), returns);
            }
            addValues(row, steps, values, returns);
        }
        return new Estimate(advantages, Optional.empty(), Optional.of(returns));
    }

    private static boolean truncated(Experience batch, int row) {
        return batch.get(Standard.FINISH)[row].truncated();
    }

    private double lambda(int row, Steps steps) {
        return lengthAdaptive
                .map(alpha -> Math.max(0, 1 - 1 / (alpha * steps.count(row))))
                .orElse(lambda);
    }

    /** Adds to each choice the value of the state in which its action began. */
    private static void addValues(int row, Steps steps, double[] values, double[] returns) {
        int last = steps.last(row);
        while (last >= steps.layout().start(row)) {
            int first = steps.first(row, last);
            for (int t = first; t <= last; t++) {
                returns[t] += steps.mask()[t] ? values[first + row] : 0;
            }
            last = steps.choiceBefore(row, first);
        }
    }
}
