// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.testkit.Settings;

/**
 * A small batch and the credit that settings give it. Rows are equally long; masks and other columns are given row after row.
 *
 * @param batch with a mask and groups
 * @param rewards one a row
 */
record CreditCase(Experience batch, double[] rewards) {
    /** One group of rows that are all response. */
    static CreditCase of(int length, double... rewards) {
        boolean[] mask = new boolean[length * rewards.length];
        Arrays.fill(mask, true);
        return masked(mask, rewards);
    }

    /** One group of rows with this mask. */
    static CreditCase masked(boolean[] mask, double... rewards) {
        int[] lengths = new int[rewards.length];
        Arrays.fill(lengths, mask.length / rewards.length);
        Columns columns = Columns.of(Standard.RESPONSE_MASK, mask).with(Standard.GROUP, new int[rewards.length]);
        return new CreditCase(Experience.of(Layout.ofLengths(lengths), columns), rewards);
    }

    <A> CreditCase with(Column<A> column, A values) {
        return new CreditCase(batch.with(column, values), rewards);
    }

    /** All rewards but NaN count. */
    RewardSignal signal() {
        boolean[] scored = new boolean[rewards.length];
        for (int row = 0; row < scored.length; row++) {
            scored[row] = !Double.isNaN(rewards[row]);
        }
        return RewardSignal.ofRows(rewards, scored, batch.layout());
    }

    Columns columns(String... settings) {
        return columns(signal(), settings);
    }

    Columns columns(RewardSignal signal, String... settings) {
        return credit(settings).columns(signal, batch, new Metrics());
    }

    double[] advantages(String... settings) {
        return columns(settings).get(Standard.ADVANTAGES);
    }

    /** The axis with its defaults and these settings of the block {@code credit}. */
    static Credit credit(String... settings) {
        String[] all = new String[settings.length + 1];
        all[0] = defaults();
        for (int i = 0; i < settings.length; i++) {
            all[i + 1] = "credit." + settings[i];
        }
        Settings reader = Settings.of(all);
        Credit credit = Credit.read(reader.object("credit"));
        if (!reader.problems().isEmpty()) {
            throw new IllegalArgumentException("settings: " + reader.problems());
        }
        return credit;
    }

    static String defaults() {
        try (InputStream in = Credit.class.getResourceAsStream("credit.conf")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
