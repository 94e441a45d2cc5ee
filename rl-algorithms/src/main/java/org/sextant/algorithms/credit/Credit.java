// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.List;
import java.util.Optional;
import org.sextant.algorithms.credit.Whitening.Scope;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.state.StateMap;
import org.sextant.api.state.Stateful;

/**
 * The credit axis: how much better or worse each choice of the policy was than what was to be expected. An {@link
 * Estimator}, mixed with an {@link Anchor}, put through {@link Whitening}. Every setting is a key of {@code
 * credit.conf} beside this class.
 *
 * <p>Rows without a reward get 0 and are in no statistic.
 */
public final class Credit implements Stateful {
    private final Estimator estimator;
    private final Anchor anchor;
    private final Whitening whitening;

    public Credit(Estimator estimator, Anchor anchor, Whitening whitening) {
        this.estimator = estimator;
        this.anchor = anchor;
        this.whitening = whitening;
    }

    /** An estimator on its own. */
    public static Credit of(Estimator estimator) {
        return new Credit(estimator, Anchor.none(), Whitening.none());
    }

    /** An estimator and whitening. */
    public static Credit of(Estimator estimator, Whitening whitening) {
        return new Credit(estimator, Anchor.none(), whitening);
    }

    /** Reads a block {@code credit { … }}. */
    public static Credit read(ConfigReader own) {
        Estimator estimator = EstimatorSettings.read(own);
        ConfigReader whiten = own.object("whiten");
        Whitening whitening = Whitening.read(whiten);
        if (whitening.scope() == Scope.ROWS && !(estimator instanceof AnswerCredit)) {
            whiten.problem("scope", "rows needs one advantage an answer: credit.kind = group, or scope = tokens");
        }
        return new Credit(estimator, Anchor.read(own.object("anchor")), whitening);
    }

    /** Baseline and scale of answers, for components that are compared one by one before they are summed; empty where the estimator has none. */
    public Optional<GroupCredit> comparison() {
        return estimator.compares();
    }

    /** Whether advantages are whitened over answers, each of which must then have one. */
    public boolean whitensRows() {
        return whitening.scope() == Scope.ROWS;
    }

    /** Whether the estimator learns values. */
    public boolean hasCritic() {
        return estimator instanceof GaeCredit;
    }

    /** These needs and the roles, columns, outputs and rollouts that the estimator needs. */
    public Needs needs(Needs some) {
        return estimator.needs(some);
    }

    /**
     * The credit of a step: {@link Standard#ADVANTAGES}; {@link Advantages#BY_ROW} where all tokens of an answer share
     * theirs; {@link Standard#RETURNS} where there is something for a critic to learn. Moves the anchor on.
     *
     * @param batch with the columns of {@link #needs}
     */
    public Columns columns(RewardSignal signal, Experience batch, Metrics metrics) {
        RewardSignal counted = signal.counting(estimator.counted(signal, batch));
        Estimate found = mixed(estimator.estimate(counted, batch), counted, batch, metrics);
        Estimate white = whitened(found, counted, batch);
        RewardMetrics.write(metrics, counted, white, batch);
        Columns columns = Columns.of(Standard.ADVANTAGES, white.tokens());
        if (white.rows().isPresent()) {
            columns = columns.with(Advantages.BY_ROW, white.rows().get());
        }
        return white.returns().isPresent()
                ? columns.with(Standard.RETURNS, white.returns().get())
                : columns;
    }

    private Estimate mixed(Estimate found, RewardSignal signal, Experience batch, Metrics metrics) {
        if (!anchor.active()) {
            return found;
        }
        Layout layout = batch.layout();
        double[] totals = signal.totals(layout, batch.get(Standard.RESPONSE_MASK));
        double[] absolute = anchor.absolute(totals, signal.scored(), batch, metrics);
        boolean[] mask = TokenRewards.counted(signal, batch);
        double[] byToken = Advantages.toTokens(absolute, layout, mask);
        return new Estimate(
                mixed(found.tokens(), byToken), found.rows().map(rows -> mixed(rows, absolute)), found.returns());
    }

    private double[] mixed(double[] advantages, double[] absolute) {
        double[] mixed = new double[advantages.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = anchor.mix(advantages[i], absolute[i]);
        }
        return mixed;
    }

    private Estimate whitened(Estimate found, RewardSignal signal, Experience batch) {
        boolean[] mask = TokenRewards.counted(signal, batch);
        return switch (whitening.scope()) {
            case NONE -> found;
            case TOKENS -> {
                Whitening.Affine map = whitening.of(found.tokens(), mask);
                Optional<double[]> rows = found.rows().map(r -> map.apply(r, signal.scored()));
                yield new Estimate(map.apply(found.tokens(), mask), rows, found.returns());
            }
            case ROWS -> {
                double[] rows = whitenedRows(found.rows().orElseThrow(), signal, batch);
                yield new Estimate(Advantages.toTokens(rows, batch.layout(), mask), Optional.of(rows), found.returns());
            }
        };
    }

    /** A row that had nothing to be compared with is not in the statistics, but 0 (TRL). */
    private double[] whitenedRows(double[] rows, RewardSignal signal, Experience batch) {
        boolean[] compared = comparison()
                .filter(c -> !anchor.active())
                .map(c -> c.compared(signal, batch))
                .orElse(signal.scored());
        double[] white = whitening.apply(rows, compared);
        boolean silent = !anchor.active()
                && comparison().filter(c -> c.baseline().ofGroup()).isPresent();
        for (int row = 0; silent && row < white.length; row++) {
            white[row] = rows[row] == 0 ? 0 : white[row];
        }
        return white;
    }

    /**
     * The axis as formulas.
     *
     * @param penalised whether a penalty is taken off rewards
     * @param penaltyFirst whether that comes before the baseline
     */
    public Explanation explain(boolean penalised, boolean penaltyFirst) {
        Explanation said = CreditFormula.of(estimator, penalised, penaltyFirst);
        if (anchor.active()) {
            said.line("anchor", anchor.formula());
        }
        if (whitening.scope() != Scope.NONE) {
            said.line("whitening", whitening.formula());
        }
        return said;
    }

    /** Warnings of settings of this axis. */
    public Explanation cautions(int samplesPerPrompt) {
        return CreditCautions.of(estimator, whitening, samplesPerPrompt);
    }

    /** Definitions of the metrics that {@link #columns} writes. */
    public List<MetricDefinition> metrics() {
        return RewardMetrics.definitions();
    }

    @Override
    public void save(StateMap out) {
        anchor.save(out);
    }

    @Override
    public void load(StateMap in) {
        anchor.load(in);
    }
}
