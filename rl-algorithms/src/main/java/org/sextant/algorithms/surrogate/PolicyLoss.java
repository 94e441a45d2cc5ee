// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/** Applies a {@link Surrogate} to the columns of a batch. */
public final class PolicyLoss {
    private PolicyLoss() {}

    /**
     * Reads {@code old_logp} and the advantages: those of answers where the ratio is one of an answer and the credit has them, else those of tokens.
     *
     * @param mask tokens that count
     * @param metrics receives {@link RatioMetrics}
     * @return the loss by token, or by row if both the ratio and the advantage are of an answer, and what they weigh is too
     */
    public static Term of(Surrogate surrogate, LossScope scope, boolean[] mask, Metrics metrics) {
        boolean byRow = surrogate.level().byRow() && scope.rows().has(Advantages.BY_ROW);
        Term logp = scope.output(new LogProb());
        Term oldLogp = scope.column(Standard.OLD_LOGP);
        Term advantages = scope.column(byRow ? Advantages.BY_ROW : Standard.ADVANTAGES);
        Term ratio = surrogate.logRatio(logp, oldLogp, mask);
        double[] logRatio = (byRow || ratio.domain() == Domain.TOKEN ? ratio : ratio.toTokens()).values();
        RatioMetrics.write(
                metrics,
                surrogate,
                logRatio,
                advantages.values(),
                byRow ? null : scope.rows().layout(),
                byRow ? LossMask.rowsWithAny(mask, scope.rows().layout()) : mask);
        return surrogate.loss(logp, oldLogp, advantages, mask);
    }
}
