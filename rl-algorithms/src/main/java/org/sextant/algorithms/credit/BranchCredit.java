// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.algorithm.RolloutPlan.Branching;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * Advantages from Monte-Carlo values of states inside answers (Kazemnejad et al., VinePPO, arXiv 2410.01679). The
 * tokens between two states whose values were estimated by continuations are one action k:
 *
 * <pre>
 * A_k = r_k + γ V(s_{k+1}) − V(s_k) + γλ A_{k+1}      V(s) = mean reward of the continuations from s, 0 after the end
 * </pre>
 *
 * The paper has λ = 0: an action is judged by what the values on both of its sides say. The last action ends in the
 * reward. A value inside an observation is that of the next choice. An answer whose beginning has no value, because no
 * continuation from there could be scored, gets no credit.
 *
 * @param branching which states are continued, and how often
 * @param gamma discount for each action
 * @param lambda 0 to 1
 * @param holes what passes tokens that the policy did not choose
 */
public record BranchCredit(Branching branching, double gamma, double lambda, Holes holes) implements Estimator {
    @Override
    public Needs needs(Needs some) {
        Optional<RolloutPlan> plan = some.rollout()
                .map(r -> new RolloutPlan(r.samplesPerPrompt(), r.greedyBaseline(), Optional.of(branching)));
        return new Needs(some.data(), some.roles(), plan, some.columns(), some.outputs(), some.coupling())
                .with(Standard.BRANCH_VALUES);
    }

    @Override
    public Optional<GroupCredit> compares() {
        return Optional.empty();
    }

    @Override
    public boolean[] counted(RewardSignal signal, Experience batch) {
        double[] values = batch.get(Standard.BRANCH_VALUES).clone();
        Steps steps = steps(values, batch);
        boolean[] counted = signal.scored().clone();
        for (int row = 0; row < counted.length; row++) {
            int choice = steps.choiceAfter(row, batch.layout().start(row));
            counted[row] &= choice == batch.layout().end(row) || !Double.isNaN(values[choice + row]);
        }
        return counted;
    }

    @Override
    public Estimate estimate(RewardSignal signal, Experience batch) {
        Layout layout = batch.layout();
        double[] values = batch.get(Standard.BRANCH_VALUES).clone();
        Steps steps = steps(values, batch);
        ValueSteps walk = new ValueSteps(steps, TokenRewards.of(signal, batch, false), values, gamma, holes);
        double[] advantages = new double[layout.tokens()];
        for (int row = 0; row < layout.rows(); row++) {
            if (signal.scored()[row]) {
                walk.advantages(row, 0, lambda, advantages);
            }
        }
        return new Estimate(advantages, Optional.empty(), Optional.empty());
    }

    /** Actions begin at the states that have values; each state without one gets that of the last before it. */
    private static Steps steps(double[] values, Experience batch) {
        Layout layout = batch.layout();
        int[] actions = new int[layout.tokens()];
        for (int row = 0; row < layout.rows(); row++) {
            int action = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                boolean estimated = !Double.isNaN(values[t + row]);
                action += estimated ? 1 : 0;
                values[t + row] = estimated || t == layout.start(row) ? values[t + row] : values[t + row - 1];
                actions[t] = action;
            }
        }
        return new Steps(layout, batch.get(Standard.RESPONSE_MASK), actions);
    }
}
