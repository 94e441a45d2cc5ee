// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

class OnPolicyCheckTest {
    private final Experience batch = Experience.of(
            Layout.ofLengths(2, 2), Columns.of(Standard.RESPONSE_MASK, new boolean[] {false, true, false, true}));

    @Test
    void oneBitIsEnough() {
        double[] sampled = {0, -0.5, 0, -1.25};
        double[] trained = {0, -0.5, 0, Math.nextUp(-1.25)};

        assertThatThrownBy(() -> OnPolicyCheck.require(batch, trained, sampled, 0, "sampling"))
                .isInstanceOf(SamplerMismatchException.class)
                .hasMessageContaining("row 1, token 1")
                .hasMessageContaining("-1.25 in sampling");
    }

    @Test
    void aToleranceHasAnEnd() {
        double[] sampled = {0, -0.5, 0, -1.25};
        assertThatCode(() -> OnPolicyCheck.require(
                        batch, new double[] {0, -0.5, 0, -1.25 - 0x1p-10}, sampled, 0x1p-10, "sampling"))
                .doesNotThrowAnyException();
        for (double other : new double[] {-1.25 - 0x1.2p-10, Double.NaN}) {
            assertThatThrownBy(() -> OnPolicyCheck.require(
                            batch, new double[] {0, -0.5, 0, other}, sampled, 0x1p-10, "sampling"))
                    .isInstanceOf(SamplerMismatchException.class)
                    .hasMessageContaining("further apart than 9.765625E-4");
        }
    }

    @Test
    void whatTheMaskHidesDoesNotCount() {
        assertThatCode(() -> OnPolicyCheck.require(
                        batch, new double[] {7, -0.5, 8, -1}, new double[] {0, -0.5, 0, -1}, 0, "sampling"))
                .doesNotThrowAnyException();
    }
}
