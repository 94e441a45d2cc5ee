// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import java.util.List;
import org.sextant.algorithms.credit.RewardSignal;
import org.sextant.algorithms.kl.Kl.Placement;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.KlToReference;
import org.sextant.api.state.StateMap;
import org.sextant.api.state.Stateful;

/** The KL axis as configured: an estimator, where it goes, and its factor, which may change from step to step. */
public final class KlPenalty implements Stateful {
    private final Kl kl;
    private final KlCoefficient coefficient;

    public KlPenalty(Kl kl, KlCoefficient coefficient) {
        this.kl = kl;
        this.coefficient = coefficient;
    }

    /** With the fixed coefficient of the estimator. */
    public static KlPenalty of(Kl kl) {
        return new KlPenalty(kl, KlCoefficient.fixed(kl.coefficient()));
    }

    /** Reads a block {@code kl { … }}. */
    public static KlPenalty read(ConfigReader own) {
        return new KlPenalty(Kl.read(own), KlCoefficient.read(own));
    }

    /** The estimator, and where it goes. */
    public Kl kl() {
        return kl;
    }

    /** Its factor. */
    public KlCoefficient coefficient() {
        return coefficient;
    }

    /** Whether a reference model is needed at all. */
    public boolean active() {
        return coefficient.active();
    }

    /** These needs and the reference, if there is a penalty. */
    public Needs needs(Needs some) {
        if (!active()) {
            return some;
        }
        return full()
                ? some.with(Role.REFERENCE, Standard.REF_DISTRIBUTION)
                        .with(Standard.FULL_KL)
                        .with(new KlToReference())
                : some.with(Role.REFERENCE, Standard.REF_LOGP);
    }

    private boolean full() {
        return kl.estimator() == Kl.Estimator.FULL;
    }

    /**
     * The signal with the penalty of each token, if it goes to the reward; in any case the coefficient of the step is fixed here, and learns how far the
     * policy that sampled is from the reference.
     */
    public RewardSignal penalise(RewardSignal signal, Experience batch, Metrics metrics) {
        if (!active()) {
            return signal;
        }
        coefficient.begin();
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        double[] estimate = full()
                ? batch.get(Standard.FULL_KL)
                : kl.estimate(batch.get(Standard.OLD_LOGP), batch.get(Standard.REF_LOGP));
        log(estimate, batch.layout(), mask, metrics);
        if (kl.placement() == Placement.LOSS) {
            return signal;
        }
        double[] penalty = new double[estimate.length];
        for (int t = 0; t < penalty.length; t++) {
            penalty[t] = mask[t] ? coefficient.now() * estimate[t] : 0;
        }
        return signal.with(penalty, kl.placement() == Placement.REWARD);
    }

    private void log(double[] estimate, Layout layout, boolean[] mask, Metrics metrics) {
        double ofTokens = 0;
        int answers = 0;
        for (int row = 0; row < layout.rows(); row++) {
            double sum = 0;
            int count = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                sum += mask[t] ? estimate[t] : 0;
                count += mask[t] ? 1 : 0;
            }
            metrics.value("objective/kl", sum);
            ofTokens += count == 0 ? 0 : sum / count;
            answers += count == 0 ? 0 : 1;
        }
        metrics.value("kl_coefficient", coefficient.now());
        if (answers > 0) {
            coefficient.observe(ofTokens / answers, layout.rows());
        }
    }

    /**
     * The part of the loss, if the penalty is there; metric {@code kl} wherever it is.
     *
     * @param surrogate gives the ratio of {@link Kl#ratioWeighted}
     * @param mask tokens that count
     * @param reduce aggregation of the penalty
     */
    public List<Part> parts(Surrogate surrogate, LossScope scope, Mask mask, Reduce reduce, Metrics metrics) {
        return active() ? KlPart.of(kl, coefficient.now(), surrogate, scope, mask, reduce, metrics) : List.of();
    }

    /** What is written to the metrics. */
    public static List<MetricDefinition> definitions() {
        return List.of(
                KlPart.METRIC,
                new MetricDefinition(
                        "objective/kl",
                        "mean over answers of the sum over their tokens of the estimate of KL(π_sampled ‖ π_ref), with"
                                + " the estimator of kl.estimator",
                        "nats",
                        Reduction.MEAN,
                        Domain.ROW),
                new MetricDefinition(
                        "kl_coefficient", "factor of the KL penalty in this step", "1", Reduction.MEAN, Domain.SCALAR));
    }

    @Override
    public void save(StateMap out) {
        if (active()) {
            coefficient.save(out.nested("coefficient"));
        }
    }

    @Override
    public void load(StateMap in) {
        if (active()) {
            coefficient.load(in.getNested("coefficient"));
        }
    }
}
