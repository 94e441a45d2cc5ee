// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.testkit.Settings;

/** What holds of every kind of credit. */
class CreditTest {
    private static final List<String> KINDS =
            List.of("group", "returns", "gae", "optimal-token-baseline", "monte-carlo");

    /** Two groups of two, the first without a difference; row 4 has no reward, row 5 no token. */
    private static CreditCase batch(double unscored) {
        boolean[] mask = new boolean[18];
        Arrays.fill(mask, 0, 15, true);
        mask[1] = false;
        double[] values = new double[24];
        Arrays.setAll(values, s -> Math.sin(s));
        double[] logp = new double[18];
        Arrays.setAll(logp, t -> -.1 * (1 + t % 4));
        logp[13] = unscored;
        double[] sumPiSquared = new double[18];
        Arrays.setAll(sumPiSquared, t -> .9 - .1 * (t % 3));
        CreditCase plain = CreditCase.masked(mask, .1, .1, 1, 0, Double.NaN, 2);
        return new CreditCase(
                        Experience.of(
                                plain.batch().layout(),
                                Columns.of(Standard.RESPONSE_MASK, mask)
                                        .with(Standard.GROUP, new int[] {0, 0, 1, 1, 1, 1})),
                        plain.rewards())
                .with(Standard.VALUES, values)
                .with(Standard.BRANCH_VALUES, values)
                .with(Standard.OLD_LOGP, logp)
                .with(Standard.SUM_PI_SQUARED, sumPiSquared)
                .with(Standard.GREEDY_REWARD, new double[] {0, 0, .5, .5, .5, .5})
                .with(
                        Standard.FINISH,
                        new Finish[] {Finish.EOS, Finish.LENGTH, Finish.EOS, Finish.EOS, Finish.LENGTH, Finish.LENGTH});
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "returns", "gae", "optimal-token-baseline", "monte-carlo"})
    void aRowWithoutRewardGetsNothingAndMovesNothing(String kind) {
        for (String scope : new String[] {"none", "tokens"}) {
            String[] settings = {"kind = " + kind, "whiten.scope = " + scope, "anchor.weight = 0.3"};
            double[] advantages = batch(-.2).advantages(settings);
            assertThat(Arrays.copyOfRange(advantages, 12, 18)).containsOnly(0.0);
            assertThat(advantages).doesNotContain(Double.NaN);
            assertThat(advantages[1])
                    .as("a token that the policy did not choose")
                    .isZero();
            assertThat(batch(-3).advantages(settings)).containsExactly(advantages);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "returns", "optimal-token-baseline"})
    void aGroupWithoutADifferenceGetsExactlyZero(String kind) {
        double[] advantages = batch(-.2).advantages("kind = " + kind);
        assertThat(Arrays.copyOf(advantages, 6)).containsOnly(0.0);
        assertThat(advantages[9]).isNegative();
    }

    @Test
    void whatACriticLearnsDoesNotFeelWhitening() {
        double[] returns = batch(-.2).columns("kind = gae").get(Standard.RETURNS);
        assertThat(batch(-.2).columns("kind = gae", "whiten.scope = tokens").get(Standard.RETURNS))
                .containsExactly(returns);
    }

    @Test
    void answersHaveOneAdvantageWhereAllTheirTokensShareIt() {
        CreditCase group = CreditCase.of(2, 1, 0);
        assertThat(group.columns().get(Advantages.BY_ROW)).containsExactly(new double[] {1, -1}, within(.5));
        RewardSignal after = group.signal().with(new double[] {.1, 0, 0, .2}, false);
        assertThat(group.columns(after).has(Advantages.BY_ROW)).isFalse();
        assertThat(group.columns(after, "baseline = none", "scale = none", "penalty = own")
                        .get(Standard.ADVANTAGES))
                .containsExactly(.9, 1, 0, -.2);
        assertThat(group.columns("kind = returns").has(Advantages.BY_ROW)).isFalse();
    }

    @Test
    void whatIsNeededIsAskedForAndNothingElse() {
        Needs some = Needs.rollouts(new RolloutPlan(4, false), Set.of());
        assertThat(CreditCase.credit().needs(some)).isEqualTo(some);
        Needs critic = CreditCase.credit("kind = gae").needs(some);
        assertThat(critic.roles()).containsOnly(Role.CRITIC);
        assertThat(critic.columns()).containsOnly(Standard.VALUES);
        assertThat(critic.outputs()).containsOnly(Head.VALUE);
        Needs greedy = CreditCase.credit("kind = returns", "baseline = greedy").needs(some);
        assertThat(greedy.rollout()).contains(new RolloutPlan(4, true));
        assertThat(greedy.columns()).containsOnly(Standard.GREEDY_REWARD);
        assertThat(CreditCase.credit("kind = optimal-token-baseline")
                        .needs(some)
                        .columns())
                .containsOnly(Standard.SUM_PI_SQUARED);
        assertThat(CreditCase.credit("kind = monte-carlo", "branch-every = 8")
                        .needs(some)
                        .rollout()
                        .flatMap(RolloutPlan::branching))
                .contains(new RolloutPlan.Branching(8, 4));
    }

    @Test
    void everyKeyOfTheDefaultsIsReadBySomeKind() {
        Set<String> unread = null;
        for (String kind : KINDS) {
            Settings settings = Settings.of(CreditCase.defaults(), "credit.kind = " + kind);
            Credit.read(settings.object("credit"));
            assertThat(settings.problems()).isEmpty();
            Set<String> left = new TreeSet<>(settings.unread());
            if (unread != null) {
                left.retainAll(unread);
            }
            unread = left;
        }
        assertThat(unread).isEmpty();
    }

    @Test
    void answersCannotBeWhitenedWhereTheyHaveNoOneAdvantage() {
        Settings settings = Settings.of(CreditCase.defaults(), "credit.kind = gae", "credit.whiten.scope = rows");
        Credit.read(settings.object("credit"));
        assertThat(settings.problems()).singleElement().asString().startsWith("credit.whiten.scope:");
    }

    @Test
    void whatIsWrittenIsDefined() {
        Credit credit = CreditCase.credit("scale = none", "anchor.weight = 0.5");
        Metrics metrics = new Metrics();
        CreditCase batch = batch(-.2);
        credit.columns(batch.signal(), batch.batch(), metrics);
        assertThat(credit.metrics())
                .extracting(MetricDefinition::name)
                .containsExactlyInAnyOrderElementsOf(metrics.values().keySet());
        assertThat(metrics.values().get("frac_reward_zero_std")).isEqualTo(.5);
        // .1, .1, 1, 0 and 2.
        assertThat(metrics.values().get("objective/rlhf_reward")).isCloseTo(.64, within(1e-12));
    }
}
