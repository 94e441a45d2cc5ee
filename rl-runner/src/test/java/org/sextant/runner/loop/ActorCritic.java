// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/** REINFORCE with a learnt baseline (Sutton and Barto 2018, 13.4): {@code A_t = R − V(s_t)} and {@code ½ (V(s_t) − R)²}, a mean over tokens each. */
public final class ActorCritic implements Algorithm {
    private static final LogProb LOGP = new LogProb();

    /** Found by its service file. */
    public static final class Provider implements AlgorithmProvider {
        @Override
        public String name() {
            return "actor-critic";
        }

        @Override
        public String summary() {
            return "trains a critic";
        }

        @Override
        public String defaults() {
            return "reference = false";
        }

        @Override
        public Algorithm create(ConfigReader own) {
            return new ActorCritic(own.bool("reference"));
        }
    }

    private final boolean reference;

    /** @param reference whether everything that a policy and a reference can say is looked at */
    ActorCritic(boolean reference) {
        this.reference = reference;
    }

    @Override
    public Needs needs() {
        Needs needs = Needs.rollouts(new RolloutPlan(4, false), Set.of(LOGP, Head.VALUE))
                .with(Role.CRITIC, Standard.VALUES);
        return reference
                ? needs.with(Role.REFERENCE, Standard.REF_LOGP)
                        .with(Standard.REF_DISTRIBUTION)
                        .with(Standard.SUM_PI_SQUARED)
                        .with(Standard.OLD_LOGP)
                : needs;
    }

    @Override
    public Columns credit(Experience batch, Metrics metrics) {
        double[] reward = batch.get(Standard.REWARD);
        double[] values = batch.get(Standard.VALUES);
        Layout layout = batch.layout();
        double[] returns = new double[layout.tokens()];
        double[] advantages = new double[layout.tokens()];
        for (int row = 0; row < layout.rows(); row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                returns[t] = reward[row];
                advantages[t] = reward[row] - values[layout.stateStart(row) + t - layout.start(row)];
            }
        }
        metrics.value("largest_value", largest(values));
        if (reference) {
            seen(batch, metrics);
        }
        return Columns.of(Standard.RETURNS, returns).with(Standard.ADVANTAGES, advantages);
    }

    /** Looks at the columns of the reference, and at Σπ². */
    private static void seen(Experience batch, Metrics metrics) {
        double[] refLogp = batch.get(Standard.REF_LOGP);
        double[] oldLogp = batch.get(Standard.OLD_LOGP);
        float[][] all = batch.get(Standard.REF_DISTRIBUTION);
        double[] sumPiSquared = batch.get(Standard.SUM_PI_SQUARED);
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        int[] tokens = batch.get(Standard.TOKENS);
        double moved = 0;
        double unlike = 0;
        double sum = 0;
        for (int t = 0; t < mask.length; t++) {
            if (mask[t] != (all[t] != null)) {
                throw new AssertionError("token " + t + " has a distribution if and only if it is no answer's");
            }
            if (mask[t]) {
                moved = Math.max(moved, Math.abs(oldLogp[t] - refLogp[t]));
                unlike = Math.max(unlike, Math.abs(all[t][tokens[t]] - refLogp[t]));
                double squares = 0;
                for (float logp : all[t]) {
                    squares += Math.exp(2.0 * logp);
                }
                sum = Math.max(sum, Math.abs(squares - sumPiSquared[t]));
            }
        }
        metrics.value("moved", moved);
        metrics.value("distribution_error", unlike);
        metrics.value("sum_of_squares_error", sum);
    }

    private static double largest(double[] numbers) {
        return Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
    }

    @Override
    public Objective objective(LossScope batch) {
        Term value = batch.output(Head.VALUE).gather(batch.rows().layout().stateOfToken(), Domain.TOKEN);
        Term policy =
                batch.output(LOGP).times(batch.column(Standard.ADVANTAGES)).negate();
        Term error = value.minus(batch.column(Standard.RETURNS)).square().times(0.5);
        return new Objective(
                List.of(
                        new Part("policy", policy, Mask.response(), Reduce.tokenMean(), 1),
                        new Part("value", error, Mask.response(), Reduce.tokenMean(), 1)),
                new Metrics());
    }

    @Override
    public List<MetricDefinition> metrics() {
        return List.of(
                definition("largest_value", "largest value of the critic"),
                definition("moved", "largest distance of a log-probability from the reference's"),
                definition("distribution_error", "largest distance of a distribution from the log-probability"),
                definition("sum_of_squares_error", "largest distance of sums of squares"));
    }

    private static MetricDefinition definition(String name, String text) {
        return new MetricDefinition(name, text, "1", Reduction.MEAN, Domain.SCALAR);
    }
}
