// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.Map;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.sft.Sft;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.LogProb;

/**
 * Cross entropy: the objective of supervised fine-tuning.
 *
 * @param loss mean negative log-likelihood of the tokens that count
 * @param gradient of the loss by the log-probability of each token
 */
record Likelihood(double loss, double[] gradient) {
    private static final LogProb LOG_PROB = new LogProb();

    /** Of tokens all of which count. */
    static Likelihood of(Logits.Statistics tokens) {
        int count = tokens.logProb().length;
        boolean[] all = new boolean[count];
        Arrays.fill(all, true);
        return of(Padded.batch(Layout.ofLengths(count), all), tokens.logProb(), tokens.entropy());
    }

    /** Of the response tokens of a batch. */
    static Likelihood of(Experience batch, double[] logProb, double[] entropy) {
        LossScope scope = new LossScope(batch, batch, Map.of(LOG_PROB, logProb, new Entropy(), entropy));
        Sft sft = new Sft(new Aggregation(Aggregation.Kind.TOKEN_MEAN, 1, true, 0));
        Evaluation evaluation = Evaluation.of(scope, sft.objective(scope));
        return new Likelihood(evaluation.loss(), evaluation.gradients().get(LOG_PROB));
    }

    /** The sum over these tokens, all of which count, divided by a count that somebody else made over more tokens. */
    Likelihood perTokenOf(double count) {
        double factor = gradient.length / count;
        return new Likelihood(
                loss * factor, Arrays.stream(gradient).map(g -> g * factor).toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Likelihood that && loss == that.loss && Arrays.equals(gradient, that.gradient);
    }

    @Override
    public int hashCode() {
        return Double.hashCode(loss);
    }

    @Override
    public String toString() {
        return "Likelihood[" + loss + "]";
    }
}
