// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.RewardSignal;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.KlPenalty;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;

/**
 * A padded case as the batch and the reward signal that the credit axis reads.
 *
 * @param batch with a mask and groups
 * @param signal what the credit starts from
 */
record CreditRows(Experience batch, RewardSignal signal) {
    /** Rows with this mask, each its own group, with this reward at the end. */
    static CreditRows of(Layout layout, boolean[] mask, double[] rewards) {
        int[] groups = IntStream.range(0, rewards.length).toArray();
        Columns columns = Columns.of(Standard.RESPONSE_MASK, mask).with(Standard.GROUP, groups);
        return new CreditRows(
                Experience.of(layout, columns), RewardSignal.ofRows(rewards, Padded.scored(rewards), layout));
    }

    /** Answers of one token in these groups; no reward is NaN. */
    static CreditRows answers(double[] rewards, int[] groups) {
        int[] lengths = new int[rewards.length];
        boolean[] mask = new boolean[rewards.length];
        Arrays.fill(lengths, 1);
        Arrays.fill(mask, true);
        return of(Layout.ofLengths(lengths), mask, rewards).grouped(groups);
    }

    /** Rows with a reward for each token. */
    static CreditRows byToken(Case given, String rewards, String mask) {
        return byToken(given.values(rewards, 2), given.values(mask, 2).flags()).grouped(given);
    }

    /** Rows with these rewards [B, T], each its own group. */
    static CreditRows byToken(Values tokens, boolean[] mask) {
        double[] none = new double[tokens.dimension(0)];
        CreditRows rows = of(Padded.layout(tokens), mask, none);
        return new CreditRows(
                rows.batch,
                new RewardSignal(none, rows.signal.scored(), tokens.flat(), new double[tokens.flat().length], true));
    }

    /** Rows whose reward is the sum of their tokens' rewards, padding included. */
    static CreditRows summed(Case given, String rewards, String mask) {
        Values tokens = given.values(rewards, 2);
        double[] sums = Arrays.stream(tokens.rows())
                .mapToDouble(row -> Masked.sum(row, null))
                .toArray();
        return of(Padded.layout(tokens), given.values(mask, 2).flags(), sums).grouped(given);
    }

    private CreditRows grouped(Case given) {
        return given.has("group_ids") ? grouped(Padded.numbers(given.texts("group_ids"))) : this;
    }

    /** The same rows in these groups. */
    CreditRows grouped(int[] groups) {
        Columns columns = Columns.of(Standard.RESPONSE_MASK, mask()).with(Standard.GROUP, groups);
        return new CreditRows(Experience.of(batch.layout(), columns), signal);
    }

    /** The same rows, compared in these sets instead. */
    CreditRows comparedIn(int[] sets) {
        return new CreditRows(batch, signal.comparedIn(sets));
    }

    <A> CreditRows with(Column<A> column, A values) {
        return new CreditRows(batch.with(column, values), signal);
    }

    /** With a critic's values [B, T]; after the end they are 0. */
    CreditRows withValues(Values values) {
        Layout layout = batch.layout();
        double[] states = new double[layout.states()];
        for (int row = 0; row < layout.rows(); row++) {
            System.arraycopy(values.row(row), 0, states, layout.stateStart(row), layout.length(row));
        }
        return with(Standard.VALUES, states);
    }

    /** With a penalty by token, a part of the rewards. */
    CreditRows penalised(double[] penalty) {
        return new CreditRows(batch, signal.with(penalty, true));
    }

    /** With a penalty between the policy that sampled and the reference, taken off as in training. */
    CreditRows penalised(Kl kl, double[] logp, double[] refLogp) {
        Experience scored = batch.with(Standard.OLD_LOGP, logp).with(Standard.REF_LOGP, refLogp);
        return new CreditRows(scored, KlPenalty.of(kl).penalise(signal, scored, new Metrics()));
    }

    /** Whole rewards of the rows, penalty taken off. */
    double[] totals() {
        return signal.totals(batch.layout(), mask());
    }

    boolean[] mask() {
        return batch.get(Standard.RESPONSE_MASK);
    }

    /** What training would get. */
    Columns credit(Credit credit) {
        return credit.columns(signal, batch, new Metrics());
    }
}
