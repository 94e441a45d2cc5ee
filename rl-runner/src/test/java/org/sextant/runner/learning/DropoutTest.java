// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.algorithms.sft.SftProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.testkit.Settings;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.TransformerConfig;

@DisplayName("What an adapter does not see")
class DropoutTest {
    private static final TransformerConfig TINY =
            TransformerConfig.llama(11, 8, 2, 4, 2, 6, 10, 64, 100, 1e-5, true, List.of(0), OptionalInt.empty());
    private static final OptimiserSettings OPTIMISER =
            new OptimiserSettings(1e-2, OptimiserSettings.Schedule.CONSTANT, 0, 1, 0.9, 0.999, 1e-8, 0.01, 1, 1);
    private static final AdapterSettings ADAPTER = new AdapterSettings(2, 4, 0.5, List.of("q_proj", "up_proj"), false);

    private static Experience batch(Algorithm sft) {
        Layout layout = Layout.ofLengths(9, 12);
        boolean[] response = new boolean[layout.tokens()];
        Arrays.fill(response, 3, 9, true);
        Arrays.fill(response, 12, 21, true);
        Experience rows = Experience.of(
                layout,
                Columns.of(
                                Standard.TOKENS,
                                new Random(3).ints(layout.tokens(), 0, 11).toArray())
                        .with(Standard.RESPONSE_MASK, response));
        return rows.with(sft.credit(rows, new Metrics()));
    }

    /** The loss of the first step of a phase. */
    private static double loss(int phase) {
        SftProvider provider = new SftProvider();
        Algorithm sft = provider.create(Settings.of(provider.defaults(), ""));
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = LanguageModel.fresh(TINY, Set.of(), kernels, stream("init"));
                LanguageModel model = base.sharing(Role.POLICY, Set.of(), Optional.of(ADAPTER), stream("adapter"));
                AdamW optimiser = new AdamW(model.trained(), OPTIMISER, 1, kernels)) {
            for (Parameter p : model.trained()) {
                kernels.set(p.value(), 1, 1, 3);
            }
            PolicyLearner learner = new PolicyLearner(
                    List.of(new TrainedModel(model, optimiser)),
                    1000,
                    version -> {
                        throw new AssertionError("an update samples nothing");
                    },
                    new Ledger(),
                    new Streams(1),
                    phase);
            Learner.Request request =
                    new Learner.Request(sft.needs().outputs(), sft.needs().coupling(), 1, false, true);
            return learner.update(batch(sft), request, sft::objective).values().get("loss");
        }
    }

    private static Stream stream(String purpose) {
        return new Streams(1).open(StreamKey.of(purpose));
    }

    @Test
    @DisplayName("Each phase draws its own, the same one each time")
    void phases() {
        assertThat(loss(0)).isEqualTo(loss(0)).isNotEqualTo(loss(1));
    }
}
