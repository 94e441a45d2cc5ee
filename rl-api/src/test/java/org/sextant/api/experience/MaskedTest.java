// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.Golden;

class MaskedTest {
    private static final double[] X = {4, 100, 1, Double.NaN, 7};
    private static final boolean[] M = {true, false, true, false, true};
    private static final boolean[] NONE = new boolean[5];

    static List<Golden> peers() {
        return Golden.cases("masked_stats.json");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("peers")
    void isWhatVerlAndTrlCompute(Golden c) {
        double[] x = c.flat("values");
        boolean[] mask = c.mask("mask");
        double counted = c.method().startsWith("verl") ? 1e-8 : 0;
        assertThat(Masked.mean(x, mask, counted)).isCloseTo(c.number("mean"), within(1e-12));
        assertThat(Masked.variance(x, mask, 1, counted)).isCloseTo(c.number("var_unbiased"), within(1e-12 * 230));
        assertThat(Masked.variance(x, mask, 0, counted)).isCloseTo(c.number("var_biased"), within(1e-12 * 230));
        assertInside(mask, Masked.whiten(x, mask, true, 1, 1e-8, counted), c.flat("whitened"));
        assertInside(mask, Masked.whiten(x, mask, false, 1, 1e-8, counted), c.flat("whitened_keep_mean"));
        if (c.json().has("masked_sum")) {
            assertThat(Masked.sum(x, mask)).isCloseTo(c.number("masked_sum"), within(1e-12));
        }
    }

    private static void assertInside(boolean[] mask, double[] found, double[] expected) {
        for (int i = 0; i < mask.length; i++) {
            assertThat(found[i]).as("entry %d", i).isCloseTo(mask[i] ? expected[i] : 0, within(1e-9));
        }
    }

    @Test
    void onlyEntriesInTheMaskCount() {
        assertThat(Masked.count(M)).isEqualTo(3);
        assertThat(Masked.sum(X, M)).isEqualTo(12);
        assertThat(Masked.mean(X, M)).isEqualTo(4);
        assertThat(Masked.variance(X, M, 1)).isCloseTo(9, within(1e-14));
        assertThat(Masked.variance(X, M, 0)).isCloseTo(6, within(1e-14));
        assertThat(Masked.std(X, M, 1)).isCloseTo(3, within(1e-14));
        assertThat(Masked.min(X, M)).isEqualTo(1);
        assertThat(Masked.max(X, M)).isEqualTo(7);
        assertThat(Masked.compress(X, M)).containsExactly(4, 1, 7);
    }

    /** 0.3 + 0.7·(4 − 1) and so on: positions q·(n − 1) between sorted entries 1, 4, 7. */
    @Test
    void quantilesInterpolate() {
        assertThat(Masked.quantile(X, M, 0)).isEqualTo(1);
        assertThat(Masked.quantile(X, M, 0.25)).isEqualTo(2.5);
        assertThat(Masked.quantile(X, M, 0.5)).isEqualTo(4);
        assertThat(Masked.quantile(X, M, 0.9)).isCloseTo(6.4, within(1e-12));
        assertThat(Masked.quantile(X, M, 1)).isEqualTo(7);
    }

    @Test
    void noMaskMeansEverything() {
        double[] x = {1, 2, 6};
        assertThat(Masked.mean(x, null)).isEqualTo(3);
        assertThat(Masked.variance(x, null, 1)).isCloseTo(7, within(1e-14));
        assertThat(Masked.compress(x, null)).containsExactly(1, 2, 6);
    }

    @Test
    void nothingHasNoMean() {
        assertThat(Masked.count(NONE)).isZero();
        assertThat(Masked.sum(X, NONE)).isZero();
        assertThat(Masked.mean(X, NONE)).isNaN();
        assertThat(Masked.variance(X, NONE, 0)).isNaN();
        assertThat(Masked.quantile(X, NONE, 0.5)).isNaN();
        assertThat(Masked.min(X, NONE)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Masked.max(X, NONE)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Masked.constant(X, NONE)).isFalse();
        assertThat(Masked.whiten(X, NONE, true, 1, 1e-8)).containsOnly(0);
    }

    @Test
    void oneEntryHasNoSampleVarianceButIsWhite() {
        double[] x = {3, 9};
        boolean[] first = {true, false};
        assertThat(Masked.variance(x, first, 1)).isNaN();
        assertThat(Masked.variance(x, first, 0)).isZero();
        assertThat(Masked.whiten(x, first, true, 1, 1e-8)).containsExactly(0, 0);
        assertThat(Masked.whiten(x, first, false, 1, 1e-8)).containsExactly(3, 0);
    }

    /** The sum of three times 0.1 is not 0.3 in binary: rounding must not become a signal. */
    @Test
    void equalEntriesLeaveNoResidue() {
        double[] x = {0.1, 0.1, 0.1};
        assertThat((0.1 + 0.1 + 0.1) / 3).isNotEqualTo(0.1);
        assertThat(Masked.mean(x, null)).isEqualTo(0.1);
        assertThat(Masked.variance(x, null, 1)).isEqualTo(0);
        assertThat(Masked.whiten(x, null, true, 1, 0)).containsExactly(0, 0, 0);
        assertThat(Masked.constant(x, null)).isTrue();
    }

    @Test
    void aNumberThatIsNotOneIsNotHidden() {
        double[] x = {1, Double.NaN, 1};
        assertThat(Masked.mean(x, null)).isNaN();
        assertThat(Masked.variance(x, null, 1)).isNaN();
        assertThat(Masked.constant(x, null)).isFalse();
    }
}
