// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/** Applies a {@link Surrogate} to the columns of a batch. */
public final class PolicyLoss {
    private PolicyLoss() {}

    /**
     * Reads {@code old_logp} and the advantages of the surrogate's level.
     *
     * @param mask tokens that count
     * @param metrics receives {@link RatioMetrics}
     * @return the loss by token, or by row if the level has one ratio a row
     */
    public static Term of(Surrogate surrogate, LossScope scope, boolean[] mask, Metrics metrics) {
        boolean byRow = surrogate.level().byRow();
        Term logp = scope.output(new LogProb());
        Term oldLogp = scope.column(Standard.OLD_LOGP);
        Term advantages = scope.column(byRow ? Advantages.BY_ROW : Standard.ADVANTAGES);
        double[] logRatio = surrogate.logRatio(logp, oldLogp, mask).values();
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
