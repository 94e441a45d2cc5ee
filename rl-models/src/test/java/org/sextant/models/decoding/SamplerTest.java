// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Sampling;

class SamplerTest {
    private static final double NEVER = Double.NEGATIVE_INFINITY;
    private static final int EOS = 0;

    private static double[] logs(double... probabilities) {
        double[] logits = new double[probabilities.length];
        for (int id = 0; id < logits.length; id++) {
            logits[id] = Math.log(probabilities[id]);
        }
        return logits;
    }

    @Test
    void drawInvertsTheCumulativeDistribution() {
        var sampler = new Sampler(4, 4, Set.of(EOS));
        double[] scores = logs(0.1, 0.2, 0.3, 0.4);
        assertThat(sampler.draw(scores, 0)).isZero();
        assertThat(sampler.draw(scores, 0.0999)).isZero();
        assertThat(sampler.draw(scores, 0.1001)).isEqualTo(1);
        assertThat(sampler.draw(scores, 0.5999)).isEqualTo(2);
        assertThat(sampler.logProb()).isCloseTo(Math.log(0.3), within(1e-12));
        assertThat(sampler.draw(scores, 0x1.fffffffffffffp-1)).isEqualTo(3);
    }

    @Test
    void aFilteredTokenIsNeverDrawnAtEitherEnd() {
        var sampler = new Sampler(5, 5, Set.of(EOS));
        double[] scores = {NEVER, 1, NEVER, 1, NEVER};
        assertThat(sampler.draw(scores, 0)).isEqualTo(1);
        assertThat(sampler.draw(scores, 0x1.fffffffffffffp-1)).isEqualTo(3);
        assertThat(sampler.draw(new double[] {-2000, 0, NEVER, -2000, NEVER}, 0))
                .isEqualTo(1);
    }

    /** Pearson's statistic has 7 degrees of freedom: 24.3 is exceeded once in a thousand times, and the seed is fixed. */
    @Test
    void frequenciesFollowTheDistribution() {
        double[] probabilities = {0.02, 0.05, 0.08, 0.1, 0.15, 0.18, 0.2, 0.22};
        var sampler = new Sampler(8, 8, Set.of(EOS));
        Stream stream = new Streams(11).open(StreamKey.of("sample"));
        int draws = 40_000;
        int[] counts = new int[8];
        double[] scores = logs(probabilities);
        for (int i = 0; i < draws; i++) {
            counts[sampler.draw(scores, stream.nextDouble())]++;
        }
        double chiSquare = 0;
        for (int id = 0; id < 8; id++) {
            double expected = draws * probabilities[id];
            chiSquare += (counts[id] - expected) * (counts[id] - expected) / expected;
        }
        assertThat(chiSquare).isLessThan(24.3);
    }

    @Test
    void bestTakesTheLowestIdAmongEqualsAndIsCertain() {
        var sampler = new Sampler(4, 4, Set.of(EOS));
        assertThat(sampler.best(new double[] {1, 3, 2, 3})).isEqualTo(1);
        assertThat(sampler.logProb()).isZero();
    }

    @Test
    void topKKeepsTiesOfTheLastPlace() {
        double[] scores = {1, 2, 2, 2, 5, 0};
        Warpers.topK(scores, 3, 1, new Ranking(6));
        assertThat(scores).containsExactly(NEVER, 2, 2, 2, 5, NEVER);
    }

    @Test
    void epsilonAboveEveryProbabilityKeepsTheBestAndItsEquals() {
        double[] scores = {1, 2, 2, 0};
        Warpers.epsilonCutoff(scores, 0.9, 1, new Ranking(4));
        assertThat(scores).containsExactly(NEVER, 2, 2, NEVER);
    }

    @Test
    void warpersLeaveFilteredTokensFiltered() {
        var ranking = new Ranking(4);
        double[] scores = {NEVER, Math.log(0.5), Math.log(0.3), Math.log(0.2)};
        Warpers.topP(scores, 0.75, 1, ranking);
        assertThat(scores).containsExactly(NEVER, Math.log(0.5), Math.log(0.3), NEVER);
        Warpers.typicalP(scores, 0.2, 1, ranking);
        Warpers.minP(scores, 0.1, 1, ranking);
        assertThat(scores[0]).isEqualTo(NEVER);
    }

    @Test
    void topPKeepsAtLeastOneToken() {
        double[] scores = logs(0.6, 0.4);
        Warpers.topP(scores, 1e-9, 1, new Ranking(2));
        assertThat(scores).containsExactly(Math.log(0.6), NEVER);
    }

    /** By hand: 2/2 = 1 after the penalty, then suppression of id 3, division by 0.5, and the two largest of what is left. */
    @Test
    void processorsComeBeforeTemperatureAndFilters() {
        var sampling = new Sampling(false, 0.5, 2, 1, 0, 1, 0, 2, 0, 0, List.of(3));
        double[] scores = {0.5, 2, -1, 9, 1.5};
        new Sampler(5, 5, Set.of(EOS)).process(scores, sampling, new int[] {1, 2, 1}, 3, 3);
        assertThat(scores).containsExactly(NEVER, 2, NEVER, NEVER, 3);
    }

    @Test
    void minLengthCountsTheAnswerAlone() {
        var sampling = new Sampling(false, 1, 0, 1, 0, 1, 0, 1, 2, 0, List.of());
        int[] tokens = {1, 1, 1, 2, 2};
        double[] scores = {1, 1, 1};
        new Sampler(3, 3, Set.of(EOS)).process(scores, sampling, tokens, 4, 3);
        assertThat(scores).containsExactly(NEVER, 1, 1);
        scores[EOS] = 1;
        new Sampler(3, 3, Set.of(EOS)).process(scores, sampling, tokens, 5, 3);
        assertThat(scores).containsExactly(1, 1, 1);
    }

    @Test
    void idsWithoutATextAreNeverChosenAndEveryEndIsHeldBack() {
        double[] scores = {1, 2, 3, 4, 9};
        var sampling = new Sampling(true, 1, 0, 1, 0, 1, 0, 1, 1, 0, List.of());
        new Sampler(5, 4, Set.of(EOS, 3)).process(scores, sampling, new int[] {1}, 1, 1);
        assertThat(scores).containsExactly(NEVER, 2, 3, NEVER, NEVER);
    }

    @Test
    void greedyIgnoresTheWarpers() {
        var sampling = new Sampling(true, 0.5, 1, 1, 0, 0.1, 0, 1, 0, 0, List.of(0));
        double[] scores = {4, 1, 2};
        new Sampler(3, 3, Set.of(EOS)).process(scores, sampling, new int[0], 0, 0);
        assertThat(scores).containsExactly(NEVER, 1, 2);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NEGATIVE_INFINITY, Double.NaN, Double.POSITIVE_INFINITY})
    void noPossibleTokenIsAnError(double score) {
        var sampler = new Sampler(2, 2, Set.of(EOS));
        assertThatThrownBy(() -> sampler.draw(new double[] {score, score}, 0.5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no token can be chosen")
                .hasMessageContaining(String.valueOf(score));
        assertThatThrownBy(() -> sampler.best(new double[] {score, NEVER})).hasMessageContaining("no token");
    }

    @Test
    void temperatureZeroIsAnErrorThatNamesGreedy() {
        assertThatThrownBy(() -> Warpers.temperature(new double[1], 0)).hasMessageContaining("greedy");
    }
}
