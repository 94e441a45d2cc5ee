// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.algorithms.OnPolicyProviderContract;
import org.sextant.algorithms.Presets;
import org.sextant.algorithms.Trial;
import org.sextant.algorithms.sft.SftProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.testkit.AlgorithmContract;
import org.sextant.api.testkit.Batches;
import org.sextant.api.testkit.Settings;

/** What is chosen, and that the flaws of other implementations are not here: those of trlx's AccelerateRFTTrainer are named with each test. */
class RftTest {
    private static final String QUANTILES = "choice { kind = quantile, threshold = -10 }";

    private static Algorithm rft(String... settings) {
        return Trial.algorithm(new RftProvider(), settings);
    }

    @Nested
    class Defaults extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return rft("samples-per-prompt = 3, entropy-bonus.coefficient = 0.01");
        }
    }

    @Nested
    class RisingQuantile extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return rft("samples-per-prompt = 4", QUANTILES, "kl { coefficient = 0.1, placement = loss }");
        }
    }

    /** RAFT++ (arXiv 2504.11343): a ratio with a clip on what is right. */
    @Nested
    class SeveralStepsOnTheSameAnswers extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return rft("samples-per-prompt = 4, surrogate.kind = clip, choice.threshold = 0.5");
        }
    }

    @Nested
    class Provider extends OnPolicyProviderContract {
        @Override
        protected AlgorithmProvider provider() {
            return new RftProvider();
        }
    }

    /** Answers of one token to one prompt a group of two or three rows; the token is the row's number unless told. */
    private static Experience batch(int[] group, int[] answers, double... rewards) {
        int[] lengths = new int[rewards.length];
        Arrays.fill(lengths, 2);
        int[] prompts = new int[rewards.length];
        Arrays.fill(prompts, 1);
        int[] tokens = new int[2 * rewards.length];
        Arrays.setAll(tokens, t -> t % 2 == 0 ? 100 + group[t / 2] : answers[t / 2]);
        double[] logp = new double[tokens.length];
        Arrays.setAll(logp, t -> t % 2 == 0 ? 0 : -1);
        return Batches.rows(lengths)
                .prompts(prompts)
                .tokens(tokens)
                .group(group)
                .reward(rewards)
                .with(Standard.OLD_LOGP, logp)
                .build();
    }

    private static Experience batch(int[] group, double... rewards) {
        int[] answers = new int[rewards.length];
        Arrays.setAll(answers, row -> row);
        return batch(group, answers, rewards);
    }

    private static int[] chosen(Algorithm rft, Experience batch) {
        return rft.curate(batch).toArray();
    }

    private static final int[] TWO_PROMPTS = {0, 0, 0, 1, 1, 1};

    @Test
    void allThatSucceedAreChosen() {
        Experience batch = batch(TWO_PROMPTS, 1, .5, 2, 1, 0, Double.NaN);
        assertThat(chosen(rft(), batch)).containsExactly(0, 2, 3);
        assertThat(chosen(rft("choice.threshold = 0.5"), batch)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void theBestOfEachPromptAreChosenAndOfEqualsTheFirst() {
        Experience batch = batch(TWO_PROMPTS, 1, 3, 2, 5, 5, 4);
        assertThat(chosen(Presets.algorithm("raft"), batch)).containsExactly(1, 3);
        assertThat(chosen(Presets.algorithm("raft", "choice.best = 2"), batch)).containsExactly(1, 2, 3, 4);
        assertThat(chosen(Presets.algorithm("raft", "choice.threshold = 4"), batch))
                .as("the best of the first prompt is no success")
                .containsExactly(3);
    }

    /** trlx clips thresholds over the prompts: where most prompts fail, it keeps every failure of rewards 0 and 1. */
    @ParameterizedTest
    @CsvSource({"successes", "best", "quantile"})
    void aPromptWithoutASuccessContributesNothing(String kind) {
        Algorithm rft = rft("choice.kind = " + kind);
        assertThat(chosen(rft, batch(TWO_PROMPTS, 0, 0, 0, 0, 0, 0))).isEmpty();
        assertThat(chosen(rft, batch(TWO_PROMPTS, 0, 0, 0, 0, 1, 0))).containsExactly(4);
    }

    /** trlx takes q = from + i (to − from)/4 and never reaches the last quantile. */
    @Test
    void theQuantileRisesToItsEndAndStaysThere() {
        RftConfig.Choice choice = new RftConfig.Choice(RftConfig.Choice.Kind.QUANTILE, 0, 1, .7, .95, 4, true);
        double[] found = new double[6];
        Arrays.setAll(found, choice::quantile);
        assertThat(found).containsExactly(new double[] {.7, .7 + .25 / 3, .7 + .5 / 3, .95, .95, .95}, within(1e-12));
        assertThat(new RftConfig.Choice(RftConfig.Choice.Kind.QUANTILE, 0, 1, .7, .95, 1, true).quantile(0))
                .isEqualTo(.95);
    }

    /** Eleven answers with rewards 0 to 10: quantile q of them is 10 q; each prompt has its own. */
    @Test
    void eachStepOfTheRisingQuantileChoosesLess() {
        Algorithm rft = rft(QUANTILES, "choice { quantile-from = 0.5, quantile-to = 0.9, quantile-rounds = 3 }");
        int[] group = new int[22];
        double[] rewards = new double[22];
        for (int row = 0; row < 22; row++) {
            group[row] = row / 11;
            rewards[row] = row < 11 ? row : -5 + (row - 11) / 10.0;
        }
        Experience batch = batch(group, rewards);
        assertThat(chosen(rft, batch)).containsExactly(5, 6, 7, 8, 9, 10, 16, 17, 18, 19, 20, 21);
        assertThat(chosen(rft, batch)).containsExactly(7, 8, 9, 10, 18, 19, 20, 21);
        assertThat(chosen(rft, batch)).containsExactly(9, 10, 20, 21);
        assertThat(chosen(rft, batch)).containsExactly(9, 10, 20, 21);
    }

    /** trlx adds each round's samples to those before, and trains on the old ones again where nothing new is chosen. */
    @Test
    void nothingOfEarlierRoundsIsLearnedFromAgain() {
        Algorithm rft = rft();
        assertThat(chosen(rft, batch(TWO_PROMPTS, 1, 1, 1, 1, 1, 1))).hasSize(6);
        assertThat(chosen(rft, batch(TWO_PROMPTS, 0, 0, 0, 0, 0, 0))).isEmpty();
        assertThat(chosen(rft, batch(TWO_PROMPTS, 0, 1, 0, 0, 0, 0))).containsExactly(1);
    }

    @Test
    void equalAnswersToOnePromptCountOnceAndTheSameAnswerToAnotherCounts() {
        int[] answers = {7, 7, 8, 7, 8, 8};
        Experience batch = batch(TWO_PROMPTS, answers, 1, 1, 1, 1, 1, 1);
        assertThat(chosen(rft(), batch)).containsExactly(0, 2, 3, 4);
        assertThat(chosen(rft("choice.unique = false"), batch)).hasSize(6);
        // Two best that are the same answer are one; the second place is the next answer's.
        Experience twice = batch(TWO_PROMPTS, answers, 3, 3, 2, 1, 1, 1);
        assertThat(chosen(Presets.algorithm("raft", "choice.best = 2"), twice)).containsExactly(0, 2, 3, 4);
    }

    /** trlx's labels are the input ids: it learns prompts and padding by heart. */
    @Test
    void promptAndObservationsAreNotInTheLoss() {
        Algorithm rft = rft();
        Experience batch = Batches.rows(5, 4)
                .prompts(2, 1)
                .observation(1, 2, 1)
                .group(0, 0)
                .reward(1, 1)
                .with(Standard.OLD_LOGP, new double[9])
                .build();
        Experience credited = batch.with(rft.credit(batch, new Metrics()));
        double[] logp = {-50, -60, -1, -2, -3, -70, -4, -80, -5};
        Trial trial = Trial.of(rft, credited, logp);
        assertThat(trial.loss()).isCloseTo((1 + 2 + 3 + 4 + 5) / 5.0, within(1e-12));
        assertThat(trial.gradient()).containsExactly(new double[] {0, 0, -.2, -.2, -.2, 0, -.2, 0, -.2}, within(1e-12));
    }

    @Test
    void chosenAnswersAreLearnedAsDemonstrationsAre() {
        Algorithm rft = rft();
        Experience raw = batch(TWO_PROMPTS, 1, 0, 1, 0, 0, 1);
        Experience chosen = raw.select(rft.curate(raw));
        double[] logp = {-9, -1, -9, -2, -9, -.5};
        Trial imitated = Trial.of(rft, chosen.with(rft.credit(chosen, new Metrics())), logp);
        Trial taught = Trial.of(Trial.algorithm(new SftProvider()), chosen, logp);

        assertThat(chosen.rows()).isEqualTo(3);
        assertThat(imitated.loss()).isEqualTo(taught.loss()).isCloseTo(3.5 / 3, within(1e-12));
        assertThat(imitated.gradient()).containsExactly(taught.gradient(), within(1e-15));
    }

    @Test
    void aChoiceThatLeavesNothingOutIsNamed() {
        Circumstances where = new Circumstances(1, Sampling.atTemperature(1), 16);
        assertThat(Presets.algorithm("raft", "samples-per-prompt = 4, choice.best = 4")
                        .explain(where)
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("choice.best = 4 of samples-per-prompt = 4 answers leaves none out");
        assertThat(Presets.algorithm("raft", "samples-per-prompt = 4, choice.best = 3")
                        .explain(where)
                        .warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'choice { quantile-from = 0.9, quantile-to = 0.5 }', choice.quantile-to, rises",
        "'kl { coefficient = 0.1, placement = reward }', kl.placement, no effect",
        "credit.kind = gae, credit.kind, chosen and imitated"
    })
    void whatCouldNotWorkIsRefused(String setting, String key, String reason) {
        Settings settings = Settings.of(new RftProvider().defaults(), setting);
        new RftProvider().create(settings);
        assertThat(settings.problems())
                .singleElement()
                .asString()
                .startsWith(key)
                .contains(reason);
    }
}
