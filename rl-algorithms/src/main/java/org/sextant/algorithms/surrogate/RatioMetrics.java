// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import java.util.List;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;

/**
 * How far the policy has moved from the one that sampled, and where the trust region bit. Names {@code clip_ratio/*} are TRL's, {@code ppo_kl}
 * is verl's; kinds without a clip have 0 there. On the first update of a batch ρ is 1, so all are 0 (and the ratios 1).
 */
public final class RatioMetrics {
    private RatioMetrics() {}

    /** What {@link #write} writes. */
    public static List<MetricDefinition> definitions() {
        return List.of(
                mean("ratio/mean", "mean of ρ = π/π_old", "1"),
                new MetricDefinition("ratio/min", "smallest ρ", "1", Reduction.MIN, Domain.TOKEN),
                new MetricDefinition("ratio/max", "largest ρ", "1", Reduction.MAX, Domain.TOKEN),
                mean("approx_kl", "mean of ρ − 1 − log ρ: estimate of KL(π_old ‖ π)", "nats"),
                mean("ppo_kl", "mean of −log ρ: another estimate of KL(π_old ‖ π)", "nats"),
                mean("clip_ratio/low_mean", "share with A < 0 and ρ < 1 − clip-low", "share"),
                mean("clip_ratio/high_mean", "share with A > 0 and ρ > 1 + clip-high", "share"),
                mean(
                        "clip_ratio/region_mean",
                        "share that is clipped on either side (cispo: whatever the sign of A)",
                        "share"),
                mean("clip_ratio/dual_mean", "share with A < 0 where the dual clip bounds the loss", "share"),
                mean("clip_ratio/gradient_lost", "share that has no gradient because a bound holds it", "share"),
                new MetricDefinition(
                        "clip_ratio/low_min", "smallest low_mean of a row", "share", Reduction.MIN, Domain.ROW),
                new MetricDefinition(
                        "clip_ratio/high_max", "largest high_mean of a row", "share", Reduction.MAX, Domain.ROW));
    }

    private static MetricDefinition mean(String name, String text, String unit) {
        return new MetricDefinition(name, text, unit, Reduction.MEAN, Domain.TOKEN);
    }

    /**
     * Writes the metrics of a batch slice. All arrays are by token, or all by row at a sequence level.
     *
     * @param layout of the slice where the arrays are by token; null where they are by row
     * @param mask which entries count; null for all
     */
    public static void write(
            Metrics metrics,
            Surrogate surrogate,
            double[] logRatio,
            double[] advantages,
            Layout layout,
            boolean[] mask) {
        int n = logRatio.length;
        double delta = surrogate.kind() == Surrogate.Kind.CLIP
                ? surrogate.delta().orElse(Double.POSITIVE_INFINITY)
                : Double.POSITIVE_INFINITY;
        double[] ratio = new double[n];
        double[] approxKl = new double[n];
        double[] ppoKl = new double[n];
        double[] low = new double[n];
        double[] high = new double[n];
        double[] region = new double[n];
        double[] dual = new double[n];
        double[] lost = new double[n];
        for (int i = 0; i < n; i++) {
            ratio[i] = Math.exp(logRatio[i]);
            approxKl[i] = ratio[i] - 1 - logRatio[i];
            ppoKl[i] = -logRatio[i];
            double used = Math.min(ratio[i], delta);
            boolean under = surrogate.kind().clips() && used < 1 - surrogate.clipLow();
            boolean over = surrogate.kind().clips() && used > 1 + surrogate.clipHigh();
            low[i] = advantages[i] < 0 && under ? 1 : 0;
            high[i] = advantages[i] > 0 && over ? 1 : 0;
            region[i] = low[i] + high[i];
            if (surrogate.kind() == Surrogate.Kind.CISPO) {
                region[i] = under || over ? 1 : 0;
            } else if (surrogate.kind() == Surrogate.Kind.CLIP) {
                double bound = surrogate.dualClip().orElse(Double.POSITIVE_INFINITY);
                dual[i] = advantages[i] < 0 && Math.max(used, 1 - surrogate.clipLow()) > bound ? 1 : 0;
                lost[i] = region[i] + dual[i] > 0 || beyond(ratio[i], used, advantages[i]) ? 1 : 0;
            }
        }
        metrics.mean("ratio/mean", ratio, mask);
        metrics.mean("approx_kl", approxKl, mask);
        metrics.mean("ppo_kl", ppoKl, mask);
        metrics.mean("clip_ratio/low_mean", low, mask);
        metrics.mean("clip_ratio/high_mean", high, mask);
        metrics.mean("clip_ratio/region_mean", region, mask);
        metrics.mean("clip_ratio/dual_mean", dual, mask);
        metrics.mean("clip_ratio/gradient_lost", lost, mask);
        if (mask == null ? n > 0 : Masked.count(mask) > 0) {
            metrics.min("ratio/min", Masked.min(ratio, mask));
            metrics.max("ratio/max", Masked.max(ratio, mask));
            boolean[] rows = layout == null ? mask : LossMask.rowsWithAny(mask, layout);
            metrics.min("clip_ratio/low_min", Masked.min(byRow(low, layout, mask), rows));
            metrics.max("clip_ratio/high_max", Masked.max(byRow(high, layout, mask), rows));
        }
    }

    /** Whether delta bounds the ratio that a negative advantage is multiplied with. */
    private static boolean beyond(double ratio, double used, double advantage) {
        return advantage < 0 && used < ratio;
    }

    /** Share of each row. */
    private static double[] byRow(double[] flags, Layout layout, boolean[] mask) {
        if (layout == null) {
            return flags;
        }
        double[] share = new double[layout.rows()];
        for (int row = 0; row < share.length; row++) {
            int n = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                share[row] += mask[t] ? flags[t] : 0;
                n += mask[t] ? 1 : 0;
            }
            share[row] /= Math.max(n, 1);
        }
        return share;
    }
}
