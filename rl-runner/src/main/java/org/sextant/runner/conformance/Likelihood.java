// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.List;
import java.util.Map;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;

/** Cross entropy as an objective over log-probabilities: what a warm start minimises. */
final class Likelihood {
    private static final LogProb LOG_PROB = new LogProb();

    private Likelihood() {}

    /** Mean negative log-likelihood, with its gradient by token. */
    static Evaluation mean(double[] logProb) {
        return evaluate(logProb, Reduce.tokenMean(), 1);
    }

    /** Their sum over a number of tokens that somebody else counted. */
    static Evaluation sumOver(double[] logProb, double tokens) {
        return evaluate(logProb, Reduce.sum(), 1 / tokens);
    }

    static double[] gradient(Evaluation evaluation) {
        return evaluation.gradients().get(LOG_PROB);
    }

    private static Evaluation evaluate(double[] logProb, Reduce reduce, double coefficient) {
        boolean[] all = new boolean[logProb.length];
        java.util.Arrays.fill(all, true);
        Experience batch =
                Experience.of(Layout.ofLengths(logProb.length), Columns.of(Standard.RESPONSE_MASK, all));
        LossScope scope = new LossScope(batch, batch, Map.of(LOG_PROB, logProb));
        Part nll = new Part("nll", scope.output(LOG_PROB).negate(), Mask.response(), reduce, coefficient);
        return Evaluation.of(scope, new Objective(List.of(nll), new Metrics()));
    }
}
