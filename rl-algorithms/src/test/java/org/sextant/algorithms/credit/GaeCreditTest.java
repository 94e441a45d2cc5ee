// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Standard;

class GaeCreditTest {
    private static final boolean[] HOLE = {true, true, false, false, true, true};
    private static final double[] VALUES = {.1, .2, .3, .4, .5, .6, 9};

    private static CreditCase sixTokens() {
        return CreditCase.masked(HOLE, 1).with(Standard.VALUES, VALUES);
    }

    /** Numbers that verl's and NeMo-RL's functions give. */
    @Test
    void creditIsCarriedOverAnInteriorHole() {
        Columns columns = sixTokens().columns("kind = gae", "holes = carry", "lambda = 0.95");
        assertThat(columns.get(Standard.ADVANTAGES))
                .containsExactly(new double[] {.8182, .756, 0, 0, .48, .4}, within(1e-12));
        assertThat(columns.get(Standard.RETURNS))
                .containsExactly(new double[] {.9182, .956, 0, 0, .98, 1.0}, within(1e-12));
    }

    /** Numbers that OpenRLHF's function gives. */
    @Test
    void orAHoleIsStepsWithoutRewardAndValue() {
        double[] advantages = sixTokens().advantages("kind = gae", "holes = zero", "lambda = 0.95");
        assertThat(advantages).containsExactly(new double[] {.72965, .66279, 0, 0, .48, .4}, within(5e-6));
    }

    @Test
    void whiteningIsOverTheTokensThatThePolicyChose() {
        assertThat(sixTokens().advantages("kind = gae", "whiten.scope = tokens", "whiten.epsilon = 0"))
                .containsExactly(new double[] {1.000127, .696155, 0, 0, -.652661, -1.043622}, within(1e-6));
        assertThat(sixTokens()
                        .advantages("kind = gae", "whiten.scope = tokens", "whiten.epsilon = 0", "whiten.ddof = 0"))
                .containsExactly(new double[] {1.154848, .803851, 0, 0, -.753628, -1.205071}, within(1e-6));
    }

    /** TRL's PPO: A = [.722, .56, .4], R = [.922, .96, 1], whitened [1.002064, −.004141, −.997923]. */
    @Test
    void penaltiesAreAPartOfTheRewards() {
        CreditCase three = CreditCase.of(3, 1).with(Standard.VALUES, new double[] {.2, .4, .6, 0});
        RewardSignal signal = three.signal().with(new double[] {.01, .02, 0}, true);
        Columns columns = three.columns(signal, "kind = gae");
        assertThat(columns.get(Standard.ADVANTAGES)).containsExactly(new double[] {.722, .56, .4}, within(1e-12));
        assertThat(columns.get(Standard.RETURNS)).containsExactly(new double[] {.922, .96, 1}, within(1e-12));
        assertThat(three.columns(signal, "kind = gae", "whiten.scope = tokens").get(Standard.ADVANTAGES))
                .containsExactly(new double[] {1.002064, -.004141, -.997923}, within(1e-6));
    }

    @Test
    void anAnswerThatWasCutOffIsWorthTheValueOfItsLastState() {
        CreditCase cut = CreditCase.of(1, 0)
                .with(Standard.VALUES, new double[] {.25, .75})
                .with(Standard.FINISH, new Finish[] {Finish.LENGTH});
        assertThat(cut.advantages("kind = gae", "bootstrap-truncated = true", "gamma = 0.5"))
                .containsExactly(.5 * .75 - .25);
        assertThat(cut.advantages("kind = gae", "gamma = 0.5")).containsExactly(-.25);
    }

    /** λ = .5 and 1: A = (δ_0 + .5 δ_1, δ_1) with δ = (.4 − .2, 1 − .4). */
    @Test
    void theCriticMayHaveALambdaOfItsOwn() {
        CreditCase two = CreditCase.of(2, 1).with(Standard.VALUES, new double[] {.2, .4, 0});
        Columns columns = two.columns("kind = gae", "lambda = 0.5", "returns-lambda = 1");
        assertThat(columns.get(Standard.ADVANTAGES)).containsExactly(new double[] {.5, .6}, within(1e-12));
        assertThat(columns.get(Standard.RETURNS)).containsExactly(new double[] {1, 1}, within(1e-12));
        assertThat(two.advantages("kind = gae", "length-adaptive-lambda = 1"))
                .as("1 − 1/(1 · 2)")
                .containsExactly(new double[] {.5, .6}, within(1e-12));
        assertThat(two.advantages("kind = gae", "length-adaptive-lambda = 0.1"))
                .as("never below 0")
                .containsExactly(new double[] {.2, .6}, within(1e-12));
    }

    @Test
    void aTurnIsOneActionWithTheValueOfItsBeginning() {
        CreditCase turns = CreditCase.masked(new boolean[] {true, true, false, true, true}, 1)
                .with(Standard.TURN, new int[] {0, 0, 1, 1, 1})
                .with(Standard.VALUES, new double[] {.25, 9, 9, .5, 9, 9});
        Columns columns = turns.columns("kind = gae", "unit = turn", "lambda = 0");
        assertThat(columns.get(Standard.ADVANTAGES)).containsExactly(.25, .25, 0, .5, .5);
        assertThat(columns.get(Standard.RETURNS)).containsExactly(.5, .5, 0, 1, 1);
    }

    @Test
    void anAnswerWithoutRewardTeachesTheCriticNothing() {
        CreditCase unscored = CreditCase.of(2, Double.NaN).with(Standard.VALUES, new double[] {.25, .5, 9});
        Columns columns = unscored.columns("kind = gae");
        assertThat(columns.get(Standard.ADVANTAGES)).containsOnly(0.0);
        assertThat(columns.get(Standard.RETURNS)).containsExactly(.25, .5);
    }
}
