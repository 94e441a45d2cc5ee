// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyDouble;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.TransformerConfig;

@DisplayName("A backward pass goes no further than something is trained")
class FrozenBackwardTest {
    private static final int LAYERS = 4;
    private static final LogProb LOG_PROB = new LogProb();
    private static final Experience BATCH = TestModels.batch(11, 3, 7, 2, 12);

    private static TransformerConfig config(boolean tied) {
        return TransformerConfig.llama(
                11, 8, LAYERS, 4, 2, 6, 10, 64, 100, 1e-5, tied, List.of(0), OptionalInt.empty());
    }

    private static ModelOptions frozen(boolean recompute, boolean embeddings, int layers) {
        return new ModelOptions(Optional.empty(), WeightFormat.FLOAT, recompute, embeddings, layers);
    }

    private static void backward(LanguageModel model, Output output) {
        int numbers =
                output == LOG_PROB ? BATCH.layout().tokens() : BATCH.layout().states();
        double[] gradient = new Random(6).doubles(numbers, -1, 1).toArray();
        model.forward(BATCH, Set.of(output), 1).backward(Map.of(output, gradient));
    }

    /** Products and attentions of a backward pass: one for the vocabulary, four a layer that is gone through to its input. */
    @ParameterizedTest
    @CsvSource({
        "true, false, 0, 17, 4",
        "true, false, 4, 17, 4",
        "true, true, 2, 9, 2",
        "true, true, 4, 1, 0",
        "false, false, 4, 17, 4",
        "false, true, 3, 5, 1",
    })
    void frozenLayers(boolean tied, boolean embeddings, int layers, int products, int attentions) {
        for (boolean recompute : new boolean[] {false, true}) {
            Kernels counted = mock(Kernels.class, delegatesTo(new ReferenceKernels()));
            try (LanguageModel model = TestModels.spread(config(tied), Set.of(), counted)) {
                model.prepare(frozen(recompute, embeddings, layers));
                backward(model, LOG_PROB);
                verifyBackward(counted, products, attentions);
                verify(counted, times(recompute ? LAYERS + attentions : LAYERS))
                        .attention(any(), anyInt(), any(), any(), anyInt(), anyDouble(), any(), any());
            }
        }
    }

    /** An adapter is two products more; of layer 0 only those above its lowest adapter are needed. */
    @ParameterizedTest
    @CsvSource({"down_proj, 20, 3", "up_proj, 21, 3", "o_proj, 22, 3", "q_proj, 23, 4"})
    void adapters(String target, int products, int attentions) {
        var settings = new AdapterSettings(2, 4, 0, List.of(target), false);
        Kernels counted = mock(Kernels.class, delegatesTo(new ReferenceKernels()));
        try (LanguageModel base = TestModels.spread(config(true), Set.of(), counted);
                LanguageModel model = TestModels.adapted(base, Set.of(), settings)) {
            backward(model, LOG_PROB);
            verifyBackward(counted, products, attentions);
        }
    }

    @Test
    @DisplayName("A head alone needs no gradient of what it reads")
    void headAlone() {
        Kernels counted = mock(Kernels.class, delegatesTo(new ReferenceKernels()));
        try (LanguageModel base = TestModels.spread(config(true), Set.of(), counted);
                LanguageModel model = base.sharing(
                        Role.CRITIC,
                        Set.of(Head.VALUE),
                        Optional.empty(),
                        new Streams(3).open(StreamKey.of("adapter")))) {
            base.prepare(frozen(false, true, LAYERS));
            backward(model, Head.VALUE);
            verifyBackward(counted, 0, 0);
            assertThat(counted.sumOfSquares(model.trained().getFirst().gradient()))
                    .isPositive();
        }
    }

    private static void verifyBackward(Kernels counted, int products, int attentions) {
        verify(counted, times(products)).linearBackwardInput(any(), anyInt(), anyInt(), any(), any(), anyBoolean());
        verify(counted, times(attentions))
                .attentionBackward(any(), anyInt(), any(), any(), anyInt(), anyDouble(), any(), any(), any(), any());
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("What is trained has the gradient, to the bit, that it has where everything is; memory is less")
    void sameGradients(Kernels kernels) {
        try (kernels;
                LanguageModel whole = TestModels.spread(config(false), Set.of(), kernels)) {
            whole.prepare(frozen(false, false, 0));
            backward(whole, LOG_PROB);
            for (ModelOptions options : List.of(frozen(false, true, 3), frozen(true, true, 2))) {
                try (LanguageModel part = whole.copy(Role.POLICY)) {
                    part.prepare(options);
                    backward(part, LOG_PROB);
                    requireSame(part, whole);
                    assertThat(part.bytesByRole().get("policy_activations"))
                            .isLessThan(whole.bytesByRole().get("policy_activations"));
                }
            }
        }
    }

    private static void requireSame(LanguageModel part, LanguageModel whole) {
        for (int i = 0; i < whole.parameters().size(); i++) {
            Parameter p = part.parameters().get(i);
            for (int r = 0; p.trains() && r < p.value().rows(); r++) {
                assertThat(row(p, r, part.kernels()))
                        .as(p.name())
                        .containsExactly(row(whole.parameters().get(i), r, part.kernels()));
            }
        }
    }

    private static double[] row(Parameter p, int row, Kernels kernels) {
        double[] numbers = new double[p.value().columns()];
        kernels.readRow(p.gradient(), row, numbers);
        return numbers;
    }
}
