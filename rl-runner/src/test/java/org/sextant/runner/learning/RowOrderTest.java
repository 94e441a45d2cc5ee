// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.algorithms.grpo.GrpoProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.output.LogProb;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.testkit.Settings;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.TransformerConfig;

/** The update of a batch does not depend on the order of its rows: loss, gradient norm and new weights. */
class RowOrderTest {
    private static final TransformerConfig TINY =
            TransformerConfig.llama(11, 8, 2, 4, 2, 6, 10, 64, 100, 1e-5, true, List.of(0), OptionalInt.empty());
    private static final int[] ORDER = {5, 2, 7, 0, 6, 1, 4, 3};
    private static final OptimiserSettings OPTIMISER =
            new OptimiserSettings(1e-2, OptimiserSettings.Schedule.CONSTANT, 0, 1, 0.9, 0.999, 1e-8, 0.01, 1, 1);

    private final Algorithm grpo = grpo();

    private static Algorithm grpo() {
        GrpoProvider provider = new GrpoProvider();
        return provider.create(Settings.of(provider.defaults(), "kl.coefficient = 0.1"));
    }

    /** Two groups of rewarded answers; the sampler and the reference are not the policy, so every part has a gradient. */
    private Experience batch(LanguageModel model) {
        Layout layout = Layout.ofLengths(9, 4, 12, 7, 5, 15, 3, 8);
        Random random = new Random(3);
        boolean[] response = new boolean[layout.tokens()];
        for (int row = 0; row < layout.rows(); row++) {
            for (int t = layout.start(row) + 2; t < layout.end(row); t++) {
                response[t] = true;
            }
        }
        Experience rows = Experience.of(
                layout,
                Columns.of(Standard.TOKENS, random.ints(layout.tokens(), 0, 11).toArray())
                        .with(Standard.RESPONSE_MASK, response)
                        .with(Standard.GROUP, new int[] {0, 0, 0, 0, 1, 1, 1, 1})
                        .with(Standard.VALID, new boolean[] {true, true, true, true, true, true, true, true})
                        .with(Standard.REWARD, new double[] {1, 0, 0.5, 0, 0, 1, 1, 0.25}));
        double[] logp = model.score(rows, Set.of(new LogProb()), 1).get(new LogProb());
        Experience scored =
                rows.with(Standard.OLD_LOGP, near(logp, random)).with(Standard.REF_LOGP, near(logp, random));
        return scored.with(grpo.credit(scored, new Metrics()));
    }

    private static double[] near(double[] logp, Random random) {
        double[] other = logp.clone();
        for (int t = 0; t < other.length; t++) {
            other[t] += 0.1 * random.nextGaussian();
        }
        return other;
    }

    private record Update(Metrics metrics, double[] weights) {}

    private Update update(Rows order, int microBatchTokens) {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model =
                        LanguageModel.fresh(TINY, Set.of(), kernels, new Streams(1).open(StreamKey.of("init")));
                AdamW optimiser = new AdamW(model.parameters(), OPTIMISER, 1, kernels)) {
            PolicyLearner learner = new PolicyLearner(
                    List.of(new TrainedModel(model, optimiser)),
                    microBatchTokens,
                    version -> {
                        throw new AssertionError("an update samples nothing");
                    },
                    new Ledger(),
                    new Streams(1),
                    0);
            Learner.Request request =
                    new Learner.Request(grpo.needs().outputs(), grpo.needs().coupling(), 1, false);
            Metrics metrics = learner.update(batch(model).select(order), request, grpo::objective);
            return new Update(metrics, weights(model));
        }
    }

    private static double[] weights(LanguageModel model) {
        List<Double> all = new ArrayList<>();
        for (Parameter p : model.parameters()) {
            double[] row = new double[p.value().columns()];
            for (int r = 0; r < p.value().rows(); r++) {
                model.kernels().readRow(p.value(), r, row);
                for (double w : row) {
                    all.add(w);
                }
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100_000})
    void permutedRowsGiveTheSameUpdate(int microBatchTokens) {
        Update straight = update(Rows.all(ORDER.length), microBatchTokens);
        Update permuted = update(Rows.of(ORDER), microBatchTokens);

        assertThat(straight.metrics().values().get("grad_norm")).isGreaterThan(1e-3);
        assertThat(permuted.metrics().values().keySet())
                .isEqualTo(straight.metrics().values().keySet());
        straight.metrics()
                .values()
                .forEach((name, value) -> assertThat(permuted.metrics().values().get(name))
                        .as(name)
                        .isCloseTo(value, within(1e-6)));
        assertThat(permuted.weights()).containsExactly(straight.weights(), within(1e-6));
    }
}
