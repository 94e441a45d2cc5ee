// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sextant.algorithms.credit.Whitening.EpsilonAt;
import org.sextant.algorithms.credit.Whitening.Scope;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;

class WhiteningTest {
    private static final boolean[] ALL = {true, true, true, true};

    /** Numbers 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9. */
    @ParameterizedTest
    @CsvSource({"VARIANCE, 1, 4.666666666666667, 0.5", "DEVIATION, 1, 4.666666666666667, 0.5", "FLOOR, 0, 3.5, 9"})
    void whereEpsilonStands(EpsilonAt at, int ddof, double variance, double epsilon) {
        double divisor = switch (at) {
            case VARIANCE -> Math.sqrt(variance + epsilon);
            case DEVIATION -> Math.sqrt(variance) + epsilon;
            case FLOOR -> 3;
        };
        double[] white =
                new Whitening(Scope.TOKENS, ddof, true, true, epsilon, at, 0).apply(new double[] {1, 2, 3, 6}, ALL);
        assertThat(white).containsExactly(new double[] {-2 / divisor, -1 / divisor, 0, 3 / divisor}, within(1e-12));
    }

    @Test
    void theMeanMayStayAndSoMayTheSpread() {
        double[] x = {1, 2, 3, 6};
        double sd = Math.sqrt(14.0 / 3);
        assertThat(new Whitening(Scope.TOKENS, 1, false, true, 0, EpsilonAt.VARIANCE, 0).apply(x, ALL))
                .containsExactly(new double[] {3 - 2 / sd, 3 - 1 / sd, 3, 3 + 3 / sd}, within(1e-12));
        assertThat(new Whitening(Scope.TOKENS, 1, true, false, 0, EpsilonAt.VARIANCE, 0).apply(x, ALL))
                .containsExactly(-2, -1, 0, 3);
    }

    @ParameterizedTest
    @EnumSource(EpsilonAt.class)
    void nothingToDivideByIsNoDivisionByZero(EpsilonAt at) {
        for (int ddof = 0; ddof < 2; ddof++) {
            Whitening whitening = new Whitening(Scope.TOKENS, ddof, true, true, 0, at, 0);
            assertThat(whitening.apply(new double[] {.1, .1, .1, 7}, new boolean[] {true, true, true, false}))
                    .containsOnly(0.0);
            assertThat(whitening.apply(new double[] {.1, 3}, new boolean[] {false, true}))
                    .containsOnly(0.0);
            assertThat(whitening.apply(new double[] {.1, 3}, new boolean[2])).containsOnly(0.0);
            Whitening kept = new Whitening(Scope.TOKENS, ddof, false, true, 0, at, 0);
            assertThat(kept.apply(new double[] {.1, .1, .1, .1}, ALL)).containsOnly(.1);
        }
    }

    @Test
    void tokensWeighAnswersByLengthAndRowsDoNot() {
        CreditCase group =
                CreditCase.masked(new boolean[] {true, true, true, true, false, false, true, false, false}, 3, 0, 0);
        double[] tokens = group.advantages(
                "baseline = none", "scale = none", "whiten.scope = tokens", "whiten.epsilon = 0", "whiten.ddof = 0");
        // 3, 3, 3, 0, 0: mean 1.8, variance 2.16.
        double right = 1.2 / Math.sqrt(2.16);
        double wrong = -1.8 / Math.sqrt(2.16);
        assertThat(tokens).containsExactly(new double[] {right, right, right, wrong, 0, 0, wrong, 0, 0}, within(1e-12));
        double[] rows = group.columns(
                        "baseline = none",
                        "scale = none",
                        "whiten.scope = rows",
                        "whiten.epsilon = 0",
                        "whiten.ddof = 0")
                .get(Advantages.BY_ROW);
        assertThat(rows)
                .containsExactly(new double[] {2 / Math.sqrt(2), -1 / Math.sqrt(2), -1 / Math.sqrt(2)}, within(1e-12));
    }

    /** TRL's normalize_advantages: a group without signal stays without. */
    @Test
    void overAnswersAnAdvantageOfZeroFromItsGroupStaysZero() {
        CreditCase batch = CreditCase.of(1, 1, 0, 0, 0, 5, 5);
        int[] groups = {0, 0, 0, 0, 1, 1};
        CreditCase grouped = new CreditCase(
                Experience.of(
                        batch.batch().layout(),
                        Columns.of(Standard.RESPONSE_MASK, batch.batch().get(Standard.RESPONSE_MASK))
                                .with(Standard.GROUP, groups)),
                batch.rewards());
        double[] rows = grouped.columns("baseline = length-weighted", "scale = none", "whiten.scope = rows")
                .get(Advantages.BY_ROW);
        assertThat(Arrays.copyOfRange(rows, 4, 6)).containsOnly(0.0);
        assertThat(rows[0]).isPositive();
    }

    /** Advantages 1, −1 and of the answer alone in its group 0, which TRL leaves out: standard deviation √2, not 1. */
    @Test
    void anAnswerThatNothingIsComparedWithIsInNoStatistic() {
        CreditCase batch = CreditCase.of(1, 1, 0, 5);
        Experience grouped = Experience.of(
                batch.batch().layout(),
                Columns.of(Standard.RESPONSE_MASK, batch.batch().get(Standard.RESPONSE_MASK))
                        .with(Standard.GROUP, new int[] {0, 0, 1}));
        double[] rows = new CreditCase(grouped, batch.rewards())
                .columns(
                        "baseline = leave-one-out",
                        "scale = none",
                        "single = zero",
                        "whiten.scope = rows",
                        "whiten.epsilon = 0")
                .get(Advantages.BY_ROW);
        assertThat(rows).containsExactly(new double[] {Math.sqrt(0.5), -Math.sqrt(0.5), 0}, within(1e-12));
    }

    @Test
    void rowsWithoutRewardAreInNoStatistic() {
        CreditCase some = CreditCase.of(2, 1, Double.NaN, 4);
        CreditCase without = CreditCase.of(2, 1, 4);
        for (String scope : new String[] {"tokens", "rows"}) {
            String[] settings = {"baseline = none", "scale = none", "whiten.scope = " + scope};
            double[] found = some.advantages(settings);
            assertThat(Arrays.copyOfRange(found, 2, 4)).containsOnly(0.0);
            double[] expected = without.advantages(settings);
            assertThat(new double[] {found[0], found[1], found[4], found[5]}).containsExactly(expected);
        }
    }
}
