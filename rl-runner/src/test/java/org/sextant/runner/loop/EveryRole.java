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
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/** REINFORCE with everything that a model besides the policy can say: {@code R + score − V(s_0)} weighs an answer, and {@code ref_logp} is looked at. */
public final class EveryRole implements Algorithm {
    private static final Column<double[]> WEIGHT = Column.doubles("every-role/weight", Domain.ROW);
    private static final LogProb LOGP = new LogProb();

    /** Found by its service file. */
    public static final class Provider implements AlgorithmProvider {
        @Override
        public String name() {
            return "every-role";
        }

        @Override
        public String summary() {
            return "needs a reference, a critic and a reward model";
        }

        @Override
        public String defaults() {
            return "";
        }

        @Override
        public Algorithm create(ConfigReader own) {
            return new EveryRole();
        }
    }

    @Override
    public Needs needs() {
        return Needs.rollouts(new RolloutPlan(4, false), Set.of(LOGP))
                .with(Role.REFERENCE, Standard.REF_LOGP)
                .with(Role.CRITIC, Standard.VALUES)
                .with(Role.REWARD, Standard.SCORE)
                .with(Standard.OLD_LOGP);
    }

    @Override
    public Columns credit(Experience batch, Metrics metrics) {
        double[] values = batch.get(Standard.VALUES);
        double[] scores = batch.get(Standard.SCORE);
        double[] refLogp = batch.get(Standard.REF_LOGP);
        double[] oldLogp = batch.get(Standard.OLD_LOGP);
        metrics.value("largest_value", largest(values));
        metrics.value("largest_score", largest(scores));
        double[] moved = new double[refLogp.length];
        Arrays.setAll(moved, t -> oldLogp[t] - refLogp[t]);
        metrics.value("moved", largest(moved));
        double[] weight = batch.get(Standard.REWARD).clone();
        Arrays.setAll(
                weight, row -> weight[row] + scores[row] - values[batch.layout().stateStart(row)]);
        return Columns.of(WEIGHT, weight);
    }

    private static double largest(double[] numbers) {
        return Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
    }

    @Override
    public Objective objective(LossScope batch) {
        boolean[] response = batch.rows().get(Standard.RESPONSE_MASK);
        Term loss =
                batch.output(LOGP).rowSum(response).times(batch.column(WEIGHT)).negate();
        return new Objective(
                List.of(new Part("policy", loss, Mask.column(Standard.VALID), Reduce.rowMean(), 1)), new Metrics());
    }

    @Override
    public List<MetricDefinition> metrics() {
        return List.of(
                definition("largest_value", "largest value of the critic"),
                definition("largest_score", "largest score of the reward model"),
                definition("moved", "largest distance from the reference"));
    }

    private static MetricDefinition definition(String name, String text) {
        return new MetricDefinition(name, text, "1", Reduction.MEAN, Domain.SCALAR);
    }
}
