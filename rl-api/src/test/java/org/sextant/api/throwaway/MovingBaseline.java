// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import java.util.List;
import java.util.Set;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.state.StateMap;
import org.sextant.api.tape.Term;

/**
 * REINFORCE (Williams 1992) against a moving average of the rewards: {@code −(R − b)·Σ_t log π(y_t)},
 * {@code b ← b + rate·(mean R − b)}. It proves that state survives: without {@code b} a resumed run is another run.
 */
public final class MovingBaseline implements Algorithm {
    private static final Column<double[]> WEIGHT = Column.doubles("moving-baseline/weight", Domain.ROW);
    private static final LogProb LOGP = new LogProb();

    private final double rate;
    private double baseline;
    private long steps;

    public MovingBaseline(double rate) {
        this.rate = rate;
    }

    @Override
    public Needs needs() {
        return Needs.rollouts(new RolloutPlan(4, false), Set.of(LOGP));
    }

    @Override
    public Columns credit(Experience experience, Metrics metrics) {
        double[] reward = experience.get(Standard.REWARD);
        boolean[] valid = experience.get(Standard.VALID);
        double[] weight = new double[reward.length];
        for (int row = 0; row < weight.length; row++) {
            weight[row] = valid[row] ? reward[row] - baseline : 0;
        }
        metrics.value("baseline", baseline);
        if (Masked.count(valid) > 0) {
            baseline += rate * (Masked.mean(reward, valid) - baseline);
        }
        steps++;
        return Columns.of(WEIGHT, weight);
    }

    @Override
    public Objective objective(LossScope batch) {
        boolean[] response = batch.rows().get(Standard.RESPONSE_MASK);
        Term loss =
                batch.output(LOGP).rowSum(response).times(batch.column(WEIGHT)).negate();
        Part policy = new Part("policy", loss, Mask.column(Standard.VALID), Reduce.rowMean(), 1);
        return new Objective(List.of(policy), new Metrics());
    }

    @Override
    public List<MetricDefinition> metrics() {
        return List.of(new MetricDefinition(
                "baseline", "moving average of the rewards before this step", "1", Reduction.MEAN, Domain.SCALAR));
    }

    @Override
    public void save(StateMap out) {
        out.put("baseline", baseline);
        out.put("steps", steps);
    }

    @Override
    public void load(StateMap in) {
        baseline = in.getDouble("baseline");
        steps = in.getLong("steps");
    }
}
