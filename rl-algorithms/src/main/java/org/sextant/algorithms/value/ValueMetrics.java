// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.value;

import java.util.List;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;

/** How good a critic's values were before the update, over the tokens of a step that count. */
public final class ValueMetrics {
    private ValueMetrics() {}

    /** What {@link #write} writes; names are verl's where it has them. */
    public static List<MetricDefinition> definitions() {
        return List.of(
                token("critic/values/mean", "mean value of the states in which tokens were chosen"),
                token("critic/returns/mean", "mean return of tokens"),
                token(
                        "critic/vf_explained_var",
                        "1 - Var(returns - values) / Var(returns): 1 is perfect, 0 no better than a constant"),
                token("critic/error_early", "mean |return - value| in the first third of answers"),
                token("critic/error_late", "mean |return - value| in the last third of answers"));
    }

    private static MetricDefinition token(String name, String text) {
        return new MetricDefinition(name, text, "1", Reduction.MEAN, Domain.TOKEN);
    }

    /**
     * @param batch with {@link Standard#VALUES}
     * @param returns by token
     * @param mask tokens that count
     */
    public static void write(Metrics metrics, Experience batch, double[] returns, boolean[] mask) {
        Layout layout = batch.layout();
        double[] states = batch.get(Standard.VALUES);
        int[] state = layout.stateOfToken();
        double[] values = new double[returns.length];
        double[] errors = new double[returns.length];
        double[] sizes = new double[returns.length];
        for (int t = 0; t < values.length; t++) {
            values[t] = states[state[t]];
            errors[t] = returns[t] - values[t];
            sizes[t] = Math.abs(errors[t]);
        }
        metrics.mean("critic/values/mean", values, mask);
        metrics.mean("critic/returns/mean", returns, mask);
        double variance = Masked.count(mask) > 1 ? Masked.variance(returns, mask, 1) : 0;
        if (variance > 0) {
            metrics.value("critic/vf_explained_var", 1 - Masked.variance(errors, mask, 1) / variance);
        }
        metrics.mean("critic/error_early", sizes, third(layout, mask, false));
        metrics.mean("critic/error_late", sizes, third(layout, mask, true));
    }

    /** The first or last third, rounded up, of the tokens of each row that count. */
    private static boolean[] third(Layout layout, boolean[] mask, boolean last) {
        boolean[] third = new boolean[mask.length];
        for (int row = 0; row < layout.rows(); row++) {
            int count = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                count += mask[t] ? 1 : 0;
            }
            int share = (count + 2) / 3;
            int seen = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                third[t] = mask[t] && (last ? seen >= count - share : seen < share);
                seen += mask[t] ? 1 : 0;
            }
        }
        return third;
    }
}
