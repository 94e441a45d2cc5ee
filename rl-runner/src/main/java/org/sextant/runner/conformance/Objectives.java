// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.aggregation.LossMask.Treatment;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;

/** Objectives of algorithms, worked out as an update does, from model outputs that a case gives. */
final class Objectives {
    /** Every row counts whole, as the case's mask says. */
    static final LossMask ALL = new LossMask(Treatment.KEEP, Treatment.KEEP);

    private Objectives() {}

    /** Rows with a token that counts, among all. */
    static double nonEmptyShare(Layout layout, boolean[] mask) {
        return Masked.count(LossMask.rowsWithAny(mask, layout)) / (double) layout.rows();
    }

    /**
     * @param logp log-probabilities of the policy, by token
     * @param entropies of the policy, by token; without them they are 0
     */
    static Outcome evaluate(Algorithm algorithm, Experience batch, double[] logp, Optional<double[]> entropies) {
        double[] entropy = entropies.orElseGet(() -> new double[logp.length]);
        return evaluate(algorithm, batch, Map.of(new LogProb(), logp, new Entropy(), entropy));
    }

    /**
     * With a critic.
     *
     * @param logp log-probabilities of the policy, by token
     * @param values of the states in which tokens were chosen, by token
     */
    static Outcome evaluate(Algorithm algorithm, Experience batch, double[] logp, double[] values) {
        double[] states = Padded.states(values, batch.layout());
        double[] entropy = new double[logp.length];
        return evaluate(algorithm, batch, Map.of(new LogProb(), logp, new Entropy(), entropy, Head.VALUE, states));
    }

    private static Outcome evaluate(Algorithm algorithm, Experience batch, Map<Output, double[]> outputs) {
        LossScope scope = new LossScope(batch, batch, outputs);
        Objective objective = algorithm.objective(scope);
        return new Outcome(Evaluation.of(scope, objective), objective.metrics().values());
    }

    /** What an update would learn from, and log. */
    record Outcome(Evaluation evaluation, SortedMap<String, Double> metrics) {
        double loss() {
            return evaluation.loss();
        }

        /** A part of the loss, before its coefficient. */
        double part(String name) {
            return evaluation.parts().get(name);
        }

        double[] logProbGradient() {
            return evaluation.gradients().get(new LogProb());
        }

        double[] entropyGradient() {
            return evaluation.gradients().get(new Entropy());
        }

        /** Gradient of the values of the states in which tokens were chosen, by token. */
        double[] valueGradient(Layout layout) {
            double[] states = evaluation.gradients().get(Head.VALUE);
            return Arrays.stream(layout.stateOfToken())
                    .mapToDouble(state -> states[state])
                    .toArray();
        }

        /** Compares what both sides log, where the source's name is a field of the case. */
        void checkLogged(Check check, String source, String ours) {
            check.logged(source, metrics.getOrDefault(ours, 0.0));
        }

        /** Compares what both sides log, by the source's names and ours. */
        void checkMetric(Check check, String source, String ours) {
            check.metric(source, metrics.getOrDefault(ours, 0.0));
        }

        /**
         * Compares how often TRL's losses were clipped.
         *
         * @param share of what TRL counts in its means that we count: where a ratio is of an answer, TRL counts empty answers as well
         */
        void checkClipRatios(Check check, double share) {
            for (String mean : new String[] {"low_mean", "high_mean", "region_mean"}) {
                check.metric("clip_ratio/" + mean, share * metrics.getOrDefault("clip_ratio/" + mean, 0.0));
            }
            // CISPO's weights are told apart from ratios that are clipped: they count where the advantage is positive.
            check.metric("cispo_clip_ratio", share * metrics.getOrDefault("clip_ratio/high_mean", 0.0));
            check.metric("clip_ratio/low_min", share < 1 ? 0 : metrics.getOrDefault("clip_ratio/low_min", 0.0));
            checkMetric(check, "clip_ratio/high_max", "clip_ratio/high_max");
        }
    }
}
