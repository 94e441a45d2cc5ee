// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Standard;

class BranchCreditTest {
    private static final double NONE = Double.NaN;

    /** A prompt token, then five tokens with values known before the first, third and fifth. */
    private static CreditCase answer(double... values) {
        return CreditCase.masked(new boolean[] {false, true, true, true, true, true}, 1)
                .with(Standard.BRANCH_VALUES, values);
    }

    @Test
    void tokensBetweenTwoValuesAreJudgedByBoth() {
        assertThat(answer(NONE, .25, NONE, .75, NONE, .5, NONE).advantages("kind = monte-carlo"))
                .containsExactly(0, .5, .5, -.25, -.25, .5);
    }

    @Test
    void withLambdaOneByTheRewardAtTheEnd() {
        assertThat(answer(NONE, .25, NONE, .75, NONE, .5, NONE).advantages("kind = monte-carlo", "branch-lambda = 1"))
                .containsExactly(new double[] {0, .75, .75, .25, .25, .5}, within(1e-12));
    }

    @Test
    void aValueInsideAnObservationIsThatOfTheNextChoice() {
        CreditCase tool = CreditCase.masked(new boolean[] {true, true, false, false, true}, 1)
                .with(Standard.BRANCH_VALUES, new double[] {.5, NONE, NONE, .2, NONE, NONE});
        assertThat(tool.advantages("kind = monte-carlo"))
                .containsExactly(new double[] {-.3, -.3, 0, 0, .8}, within(1e-12));
    }

    @Test
    void anAnswerThatBeginsWithoutAValueGetsNoCredit() {
        assertThat(answer(NONE, NONE, NONE, .75, NONE, .5, NONE).advantages("kind = monte-carlo"))
                .containsOnly(0.0);
    }
}
