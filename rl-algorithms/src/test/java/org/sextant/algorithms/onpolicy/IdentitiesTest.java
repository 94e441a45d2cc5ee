// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.algorithms.Played;
import org.sextant.algorithms.Presets;
import org.sextant.algorithms.Trial;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Standard;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.testkit.Batches;

/** What must be equal is, on seeded random batches. */
class IdentitiesTest {
    private static final long SEEDS = 4;

    /** With the same advantages and a policy that has not moved, whatever the surrogate. */
    @ParameterizedTest
    @CsvSource({
        "token, token-mean",
        "token, sequence-mean-token-mean",
        "token, sequence-mean-token-sum",
        "sequence-product, sequence-mean",
        "sequence-mean, sequence-mean-token-mean",
        "sequence-mean-token-gradient, token-mean"
    })
    void atRatioOneClipGrpoAndReinforceHaveOneGradient(String level, String aggregation) {
        String settings =
                "kl.coefficient = 0, surrogate.level = " + level + ", aggregation.kind = " + aggregation + ", ";
        String group = settings + "samples-per-prompt = 4, credit { kind = group, baseline = mean, scale = group }, "
                + "credit.whiten.scope = none, ";
        for (long seed = 1; seed <= SEEDS; seed++) {
            Algorithm grpo = Presets.algorithm("grpo", group);
            Experience batch = Played.unmoved(Played.credited(grpo, Played.batch(grpo, seed)));
            double[] expected = gradient(grpo, batch);
            assertThat(Arrays.stream(expected).anyMatch(g -> g != 0)).isTrue();
            for (String other : new String[] {"ppo", "reinforce-pp"}) {
                Algorithm clip = Presets.algorithm(other, group, "surrogate.kind = clip");
                assertThat(gradient(clip, batch)).as(other).containsExactly(expected, within(1e-15));
            }
            Algorithm reinforce = Presets.algorithm("remax", group, "surrogate.kind = reinforce");
            assertThat(gradient(reinforce, batch)).as("reinforce").containsExactly(expected, within(1e-15));
            Algorithm bounded = Presets.algorithm("rloo", group, "surrogate { kind = clip, dual-clip = 3, delta = 4 }");
            assertThat(gradient(bounded, batch)).as("bounded").containsExactly(expected, within(1e-15));
            Algorithm sapo = Presets.algorithm("grpo", group, "surrogate.kind = sapo");
            assertThat(gradient(sapo, batch)).as("sapo").containsExactly(expected, within(1e-12));
        }
    }

    private static double[] gradient(Algorithm algorithm, Experience batch) {
        return Played.trial(algorithm, batch).gradient();
    }

    /** Six answers of three tokens; sums are divided by what makes them means. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void allAggregationsAgreeWhereAllAnswersAreEquallyLong(long seed) {
        Experience equal = batch(seed, 3, 3, 3, 3, 3, 3);
        Experience unequal = batch(seed, 3, 1, 5, 2, 4, 6);
        double[] mean = aggregated("token-mean", equal, 1);
        for (Aggregation.Kind kind : Aggregation.Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
            double sums = switch (kind) {
                case SEQUENCE_MEAN_TOKEN_SUM, SEQUENCE_MEAN -> 3;
                default -> 1;
            };
            assertThat(aggregated(name, equal, sums)).as(name).containsExactly(mean, within(1e-15));
            if (kind != Aggregation.Kind.TOKEN_MEAN) {
                assertThat(apart(aggregated(name, unequal, sums), aggregated("token-mean", unequal, 1)))
                        .as("%s of answers of other lengths", name)
                        .isTrue();
            }
        }
    }

    private static boolean apart(double[] one, double[] other) {
        return IntStream.range(0, one.length).anyMatch(t -> Math.abs(one[t] - other[t]) > 1e-3);
    }

    private static double[] aggregated(String kind, Experience batch, double divisor) {
        String normaliser = !kind.endsWith("norm") ? "null" : kind.startsWith("token") ? "18" : "3";
        Algorithm grpo = Presets.algorithm(
                "grpo", "kl.coefficient = 0, aggregation { kind = " + kind + ", normaliser = " + normaliser + " }");
        Experience credited = Played.credited(grpo, batch);
        double[] logp = batch.get(Standard.OLD_LOGP);
        double[] moved = IntStream.range(0, logp.length)
                .mapToDouble(t -> logp[t] + 0.05 * (t % 3))
                .toArray();
        return Arrays.stream(Trial.of(grpo, credited, moved).gradient())
                .map(g -> g / divisor)
                .toArray();
    }

    /** Answers of these lengths after prompts of two tokens; two groups. */
    private static Experience batch(long seed, int... answers) {
        Stream random = new Streams(seed).open(StreamKey.of("identities"));
        int[] prompts = new int[answers.length];
        Arrays.fill(prompts, 2);
        int tokens = Arrays.stream(answers).sum() + 2 * answers.length;
        return Batches.rows(Arrays.stream(answers).map(n -> n + 2).toArray())
                .prompts(prompts)
                .group(0, 0, 0, 1, 1, 1)
                .reward(random.doubles(answers.length).toArray())
                .with(Standard.OLD_LOGP, random.doubles(tokens).map(x -> -3 * x).toArray())
                .build();
    }

    /** Through the algorithms, in groups of which answers have lost their reward. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void rlooIsTheCentredRewardTimesNOverNLessOne(long seed) {
        Algorithm rloo = Presets.algorithm("rloo", "kl.coefficient = 0, samples-per-prompt = 4");
        Algorithm centred = Presets.algorithm("dr-grpo", "samples-per-prompt = 4");
        Experience batch = Played.batch(rloo, seed);
        double[] others = Played.credited(rloo, batch).get(Advantages.BY_ROW);
        double[] own = Played.credited(centred, batch).get(Advantages.BY_ROW);
        for (int[] members :
                Groups.of(batch.get(Standard.GROUP), batch.get(Standard.VALID)).members()) {
            double n = members.length;
            for (int row : members) {
                assertThat(others[row]).isCloseTo(own[row] * n / (n - 1), within(1e-12));
            }
        }
        assertThat(Arrays.stream(others).anyMatch(a -> a != 0)).isTrue();
    }
}
