// SPDX-License-Identifier: Apache-2.0
package example.awr;

import static org.sextant.api.algorithm.Explanation.number;

import java.util.List;
import java.util.Set;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.algorithm.Explanation;
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
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.state.StateMap;
import org.sextant.api.tape.Term;

/**
 * Advantage-weighted regression (Peng et al., arXiv 1910.00177): imitate all of one's own answers, the better ones more. The mean of the group stands in the place
 * of the paper's learned value.
 *
 * <pre>
 * A_i = R_i − mean of the group
 * w_i = min(exp(A_i / β), limit)
 * L   = −mean w_i log π(y_t)        over the answers' tokens
 * </pre>
 */
public final class Awr implements Algorithm {
    private static final Column<double[]> WEIGHT = Column.doubles("awr/weight", Domain.ROW);
    private static final LogProb LOGP = new LogProb();

    private final AwrConfig config;

    Awr(AwrConfig config) {
        this.config = config;
    }

    /** {@code algorithm { name = awr }}. */
    public static final class Provider implements AlgorithmProvider {
        @Override
        public String name() {
            return "awr";
        }

        @Override
        public String summary() {
            return "Advantage-weighted regression (arXiv 1910.00177): imitate one's own answers, the better ones more";
        }

        @Override
        public Algorithm create(ConfigReader own) {
            return new Awr(AwrConfig.read(own));
        }
    }

    @Override
    public Needs needs() {
        return Needs.rollouts(new RolloutPlan(config.samplesPerPrompt(), false), Set.of(LOGP));
    }

    @Override
    public Columns credit(Experience batch, Metrics metrics) {
        double[] reward = batch.get(Standard.REWARD);
        double[] weight = new double[reward.length];
        // Answers whose reward abstained are in no group, and keep the weight 0.
        for (int[] group : Groups.of(batch).members()) {
            double mean = 0;
            for (int row : group) {
                mean += reward[row] / group.length;
            }
            for (int row : group) {
                weight[row] = Math.min(Math.exp((reward[row] - mean) / config.temperature()), config.weightLimit());
            }
        }
        metrics.mean("awr/weight", weight, batch.get(Standard.VALID));
        return Columns.of(WEIGHT, weight);
    }

    @Override
    public Objective objective(LossScope scope) {
        Term loss = scope.output(LOGP).times(scope.column(WEIGHT).toTokens()).negate();
        Mask answers = Mask.response().inRowsWhere(Standard.VALID);
        return new Objective(List.of(new Part("policy", loss, answers, Reduce.tokenMean(), 1)), new Metrics());
    }

    @Override
    public Explanation explain(Circumstances where) {
        String limited = "min(exp(A_i / " + number(config.temperature()) + "), " + number(config.weightLimit()) + ")";
        return new Explanation()
                .line("advantage", "A_i = R_i − mean of the group")
                .line("weight", "w_i = " + limited)
                .line("policy", "l = −w log π of the token, mean over tokens")
                .warnIf(
                        config.samplesPerPrompt() == 1,
                        "samples-per-prompt = 1: all answers are imitated alike; sample 2 or more");
    }

    @Override
    public List<MetricDefinition> metrics() {
        return List.of(new MetricDefinition("awr/weight", "mean weight of an answer", "1", Reduction.MEAN, Domain.ROW));
    }

    /** Nothing is remembered from step to step. */
    @Override
    public void save(StateMap out) {}

    @Override
    public void load(StateMap in) {}
}
