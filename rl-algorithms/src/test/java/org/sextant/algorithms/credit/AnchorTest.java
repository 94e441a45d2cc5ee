// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.state.StateMap;

class AnchorTest {
    private static double[] step(Credit credit, CreditCase rows) {
        return credit.columns(rows.signal(), rows.batch(), new Metrics()).get(Standard.ADVANTAGES);
    }

    @Test
    void theAnchorFollowsTheRewardOneStepBehind() {
        Credit credit = CreditCase.credit("scale = none", "anchor.weight = 1", "anchor.rate = 0.25");
        assertThat(step(credit, CreditCase.of(1, 1, 3))).as("from its own mean").containsExactly(-1, 1);
        assertThat(step(credit, CreditCase.of(1, 4, 8))).as("from 2").containsExactly(2, 6);
        assertThat(step(credit, CreditCase.of(1, 0, 0)))
                .as("from 2 + (6 − 2)/4")
                .containsExactly(-3, -3);
    }

    @Test
    void aMixKeepsASignalWhereAllAnswersAreEquallyGood() {
        Credit credit = CreditCase.credit("scale = none", "anchor.weight = 0.5", "anchor.rate = 1");
        step(credit, CreditCase.of(1, 0, 1));
        double[] mixed = step(credit, CreditCase.of(1, 1, 1));
        assertThat(mixed).containsExactly(.5 * .5, .5 * .5);
        assertThat(step(credit, CreditCase.of(1, 2, 0)))
                .containsExactly(new double[] {.5 * 1 + .5 * 1, .5 * -1 + .5 * -1}, within(1e-12));
    }

    @Test
    void eachDifficultyHasItsOwnAnchorAndUnscoredRowsMoveNone() {
        Credit credit =
                CreditCase.credit("scale = none", "anchor.weight = 1", "anchor.rate = 1", "anchor.scope = difficulty");
        String[] labels = {"easy", "hard", "hard"};
        step(credit, CreditCase.of(1, 1, 0, Double.NaN).with(Standard.DIFFICULTY, labels));
        assertThat(step(credit, CreditCase.of(1, 1, 1, 0).with(Standard.DIFFICULTY, labels)))
                .containsExactly(0, 1, 0);
    }

    @Test
    void savedAndLoadedItGoesOnAsBefore() {
        String[] settings = {"scale = none", "anchor.weight = 1", "anchor.rate = 0.5"};
        Credit credit = CreditCase.credit(settings);
        step(credit, CreditCase.of(1, 1, 3));
        step(credit, CreditCase.of(1, 7, 7));
        StateMap saved = new StateMap();
        credit.save(saved);
        Credit resumed = CreditCase.credit(settings);
        resumed.load(saved);
        saved.assertAllRead();
        assertThat(step(resumed, CreditCase.of(1, 0, 1))).containsExactly(step(credit, CreditCase.of(1, 0, 1)));
        assertThat(step(resumed, CreditCase.of(1, 0, 1)))
                .isNotEqualTo(step(CreditCase.credit(settings), CreditCase.of(1, 0, 1)));
    }
}
