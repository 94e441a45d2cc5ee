// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Standard;

class GroupCreditTest {
    private static final double NONE = Double.NaN;

    /** Eight answers of which three are right, by hand. */
    @ParameterizedTest
    @CsvSource({
        "MEAN, GROUP, 1, 1.207612, -0.724567",
        "MEAN, GROUP, 0, 1.290992, -0.774595",
        "LEAVE_ONE_OUT, NONE, 1, 0.714286, -0.428571",
        "MEAN, NONE, 1, 0.625, -0.375",
        // MaxRL, and NeMo-RL's default, which does not add up to 0.
        "MEAN, GROUP_MEAN, 1, 1.666667, -1",
        "LEAVE_ONE_OUT, LEAVE_ONE_OUT, 1, 1.463847, -0.801782",
        "BATCH_MEAN, NONE, 1, 0.625, -0.375",
        "MEAN, NONZERO_SHARE, 1, 1.666667, -1"
    })
    void threeOfEightRight(Baseline baseline, Scale scale, int ddof, double right, double wrong) {
        GroupCredit credit = new GroupCredit(baseline, scale, ddof, 1e-6, Single.ZERO);
        double[] advantages = credit.advantages(new double[] {1, 0, 0, 1, 0, 0, 1, 0}, oneGroup(8));
        assertThat(advantages)
                .containsExactly(new double[] {right, wrong, wrong, right, wrong, wrong, right, wrong}, within(1e-6));
    }

    @Test
    void eightAnswersOfAWorkedExample() {
        double[] rewards = {1.2, .5, 2, .3, 1.8, .1, 1.5, .9};
        assertThat(plain(Baseline.MEAN, Scale.GROUP, 1).advantages(rewards, oneGroup(8)))
                .containsExactly(
                        new double[] {.230511, -.762458, 1.365332, -1.046163, 1.081626, -1.329868, .656068, -.195047},
                        within(1e-6));
        assertThat(plain(Baseline.MEAN, Scale.GROUP, 0).advantages(rewards, oneGroup(8))[0])
                .isCloseTo(.246426, within(1e-6));
        assertThat(plain(Baseline.LEAVE_ONE_OUT, Scale.NONE, 1).advantages(rewards, oneGroup(8)))
                .containsExactly(
                        new double[] {.185714, -.614286, 1.1, -.842857, .871429, -1.071429, .528571, -.157143},
                        within(1e-6));
    }

    @Test
    void fourAnswersOfAWorkedExample() {
        double[] rewards = {1.2, .3, 1.8, .5};
        assertThat(plain(Baseline.MEAN, Scale.GROUP, 1).advantages(rewards, oneGroup(4)))
                .containsExactly(new double[] {.364662, -.948122, 1.239852, -.656392}, within(1e-6));
        assertThat(plain(Baseline.LEAVE_ONE_OUT, Scale.NONE, 1).advantages(rewards, oneGroup(4)))
                .containsExactly(new double[] {.333333, -.866667, 1.133333, -.6}, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void leaveOneOutIsTheCentredRewardTimesNOverNLessOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] group = random.ints(30, 0, 6).toArray();
        double[] rewards = random.doubles(30, -3, 3).toArray();
        Groups groups = Groups.of(group, null);
        double[] centred = plain(Baseline.MEAN, Scale.NONE, 1).advantages(rewards, groups);
        double[] others = plain(Baseline.LEAVE_ONE_OUT, Scale.NONE, 1).advantages(rewards, groups);
        for (int[] members : groups.members()) {
            double n = members.length;
            for (int row : members) {
                double expected = n == 1 ? 0 : centred[row] * n / (n - 1);
                assertThat(others[row]).isCloseTo(expected, within(1e-12));
            }
        }
    }

    /** OPO: (5·1 + 1·0 + 2·−1)/8; verl's pass@k: the best against the next. */
    @Test
    void baselinesThatKnowMoreThanTheMean() {
        CreditCase answers = CreditCase.masked(
                new boolean[] {
                    true, true, true, true, true, true, false, false, false, false, true, true, false, false, false
                },
                1,
                0,
                -1);
        assertThat(answers.columns("baseline = length-weighted", "scale = none").get(Advantages.BY_ROW))
                .containsExactly(.625, -.375, -1.375);
        assertThat(answers.columns("baseline = second-best", "scale = none").get(Advantages.BY_ROW))
                .containsExactly(1, 0, 0);
        assertThat(answers.with(Standard.GREEDY_REWARD, new double[] {.5, .5, .5})
                        .columns("baseline = greedy", "scale = none")
                        .get(Advantages.BY_ROW))
                .containsExactly(.5, -.5, -1.5);
    }

    @Test
    void twoBestAnswersOfAGroupAreNotBetterThanEachOther() {
        assertThat(plain(Baseline.SECOND_BEST, Scale.NONE, 1).advantages(new double[] {0, 2, 2}, oneGroup(3)))
                .containsOnly(0.0);
    }

    private static GroupCredit plain(Baseline baseline, Scale scale, int ddof) {
        return new GroupCredit(baseline, scale, ddof, 0, Single.ZERO);
    }

    @ParameterizedTest
    @EnumSource(Scale.class)
    void aConstantGroupGetsExactlyZeroThoughItsMeanIsRounded(Scale scale) {
        double[] rewards = new double[10];
        Arrays.fill(rewards, 0, 7, 0.1);
        rewards[9] = 1;
        Groups groups = Groups.of(new int[] {0, 0, 0, 0, 0, 0, 0, 1, 1, 1}, null);
        for (Baseline baseline : new Baseline[] {Baseline.MEAN, Baseline.LEAVE_ONE_OUT}) {
            double[] advantages = new GroupCredit(baseline, scale, 1, 0, Single.KEEP).advantages(rewards, groups);
            assertThat(Arrays.copyOf(advantages, 7)).containsOnly(0.0);
            assertThat(advantages[9]).isPositive();
        }
    }

    @Test
    void rowsWithoutRewardAreOutOfEveryStatistic() {
        boolean[] valid = {true, false, true, true};
        GroupCredit credit = new GroupCredit(Baseline.MEAN, Scale.BATCH, 1, 0, Single.ZERO);
        double[] advantages = credit.advantages(new double[] {1, NONE, 3, 2}, Groups.of(new int[] {0, 0, 0, 0}, valid));
        assertThat(advantages).containsExactly(-1, 0, 1, 0);
    }

    @Test
    void aGroupOfOneKeepsItsRewardOrGetsNothing() {
        Groups groups = Groups.of(new int[] {0, 1, 1}, null);
        double[] rewards = {3, 1, 2};
        assertThat(new GroupCredit(Baseline.LEAVE_ONE_OUT, Scale.NONE, 1, 0, Single.KEEP).advantages(rewards, groups))
                .containsExactly(3, -1, 1);
        assertThat(new GroupCredit(Baseline.MEAN, Scale.GROUP, 1, 0.5, Single.KEEP).advantages(rewards, groups)[0])
                .isEqualTo(2);
        assertThat(new GroupCredit(Baseline.MEAN, Scale.GROUP, 1, 0.5, Single.ZERO).advantages(rewards, groups)[0])
                .isZero();
    }

    @Test
    void batchScaleDividesAllGroupsByOneStandardDeviation() {
        Groups groups = Groups.of(new int[] {0, 0, 1, 1}, null);
        // Mean 2, squares 4 + 0 + 4 + 0 over 3.
        double std = Math.sqrt(8.0 / 3);
        double[] advantages = new GroupCredit(Baseline.MEAN, Scale.BATCH, 1, 0, Single.ZERO)
                .advantages(new double[] {0, 2, 4, 2}, groups);
        assertThat(advantages).containsExactly(new double[] {-1 / std, 1 / std, 1 / std, -1 / std}, within(1e-12));
    }

    @Test
    void noBaselineLeavesRewardsEvenOfAConstantGroup() {
        assertThat(new GroupCredit(Baseline.NONE, Scale.NONE, 1, 0, Single.ZERO)
                        .advantages(new double[] {2, 2}, oneGroup(2)))
                .containsExactly(2, 2);
        assertThat(new GroupCredit(Baseline.NONE, Scale.GROUP, 1, 0, Single.ZERO)
                        .advantages(new double[] {2, 2}, oneGroup(2)))
                .as("no spread to divide by")
                .containsExactly(2, 2);
    }

    private static Groups oneGroup(int rows) {
        return Groups.of(new int[rows], null);
    }
}
