// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.onpolicy.OnPolicy;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.state.StateMap;

/**
 * Rejection-sampling fine-tuning: RAFT (Dong et al., arXiv 2304.06767), ReST (Gulcehre et al., 2308.08998). Each step samples afresh, chooses answers by their
 * reward, and imitates them:
 *
 * <pre>
 * L = −mean log π(y_t)    over the tokens of chosen answers
 * </pre>
 *
 * which is REINFORCE with an advantage of 1 for the chosen and 0 for all others. Prompts are context only. Nothing is carried over from step to step but how far the quantile
 * has risen; a step in which no answer is chosen takes no optimiser step.
 */
public final class Rft extends OnPolicy {
    private final RftConfig config;
    private long steps;

    public Rft(RftConfig config) {
        super(config.axes());
        this.config = config;
    }

    @Override
    public Needs needs() {
        return imitating();
    }

    @Override
    public Rows curate(Experience raw) {
        return Selection.of(config.choice(), raw, rewards(raw), config.choice().quantile(steps++));
    }

    @Override
    public Columns credit(Experience chosen, Metrics metrics) {
        penalise(chosen, metrics);
        double[] ones = new double[chosen.rows()];
        Arrays.fill(ones, 1);
        metrics.value("rft/chosen", chosen.rows());
        return Advantages.columns(ones, chosen);
    }

    /** A loss that imitates needs no ratio, and no credit either: their cautions are not its. */
    @Override
    public Explanation explain(Circumstances where) {
        int samples = config.axes().samplesPerPrompt();
        RftConfig.Choice choice = config.choice();
        return new Explanation()
                .line("chosen", choice.describe())
                .line("advantage", "A = 1 for each token of a chosen answer; the others are not learned from")
                .then(loss(where))
                .warnIf(samples == 1, "samples-per-prompt = 1: there is nothing to choose from; sample 4 or more")
                .warnIf(
                        samples > 1 && choice.kind() == RftConfig.Choice.Kind.BEST && choice.best() >= samples,
                        "choice.best = " + choice.best() + " of samples-per-prompt = " + samples
                                + " answers leaves none out; set it lower, or choice.kind = successes");
    }

    @Override
    public List<MetricDefinition> metrics() {
        List<MetricDefinition> all = new ArrayList<>(super.metrics());
        all.add(new MetricDefinition(
                "rft/chosen", "answers of the step that are imitated", "rows", Reduction.MEAN, Domain.SCALAR));
        return all;
    }

    @Override
    public void save(StateMap out) {
        super.save(out);
        out.put("steps", steps);
    }

    @Override
    public void load(StateMap in) {
        super.load(in);
        steps = in.getLong("steps");
    }
}
