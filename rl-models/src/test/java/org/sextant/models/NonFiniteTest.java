// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;

@DisplayName("Numbers that are not finite are reported with the first tensor and the rows")
class NonFiniteTest {
    private static final Set<Output> LOG_PROB = Set.of(new LogProb());
    /** Token 10 stands in rows 1 and 3 alone. */
    private static final Experience BATCH =
            TestModels.batch(Layout.ofLengths(3, 3, 0, 2), new int[] {1, 2, 3, 4, 10, 5, 10, 6}, new boolean[] {
                true, true, true, true, true, true, true, true
            });

    private static LanguageModel model(Kernels kernels) {
        return TestModels.spread(TestModels.tiny(true), Set.of(Head.VALUE), kernels);
    }

    private static NonFiniteException thrownBy(ThrowingCallable call) {
        return catchThrowableOfType(NonFiniteException.class, call);
    }

    private static Tensor weight(LanguageModel model, String name) {
        return model.parameters().stream()
                .filter(p -> p.name().equals(name))
                .map(Parameter::value)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("A weight is named first, when it is not finite itself")
    void weight(Kernels kernels) {
        try (kernels;
                LanguageModel model = model(kernels)) {
            Tensor w = weight(model, "model.layers.1.mlp.down_proj.weight");
            kernels.set(w, 0, 0, Double.NaN);
            NonFiniteException score = thrownBy(() -> model.score(BATCH, LOG_PROB, 1));
            assertThat(score.tensor()).isEqualTo("model.layers.1.mlp.down_proj.weight");
            assertThat(thrownBy(() -> model.forward(BATCH, LOG_PROB, 1)).tensor())
                    .isEqualTo(score.tensor());
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("An activation that overflows in the rows with one token")
    void activation(Kernels kernels) {
        double huge = kernels.roundOff() < 1e-10 ? 1e200 : 1e25;
        try (kernels;
                LanguageModel model = model(kernels)) {
            Tensor embedding = weight(model, "model.embed_tokens.weight");
            for (int id = 0; id < embedding.rows(); id++) {
                set(kernels, embedding, id, id == 10 ? 1 : 0);
            }
            set(kernels, weight(model, "model.layers.0.input_layernorm.weight"), 0, huge);
            set(kernels, weight(model, "model.layers.0.self_attn.q_proj|k_proj|v_proj.weight"), 0, huge);
            NonFiniteException found = thrownBy(() -> model.score(BATCH, LOG_PROB, 1));
            assertThat(found.tensor()).isEqualTo("queries, keys and values of model.layers.0");
            assertThat(found.rows()).containsExactly(1, 3);
            assertThat(found)
                    .hasMessageContaining("first in queries, keys and values of model.layers.0, batch rows [1, 3]");
        }
    }

    /** Writes the first column, through which nothing but token 10 passes. */
    private static void set(Kernels kernels, Tensor w, int row, double value) {
        kernels.set(w, row, 0, value);
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("A gradient that a loss gives back")
    void upstream(Kernels kernels) {
        try (kernels;
                LanguageModel model = model(kernels)) {
            Set<Output> outputs = Set.of(new LogProb(), Head.VALUE);
            ForwardPass pass = model.forward(BATCH, outputs, 1);
            double[] gradient = new double[8];
            gradient[5] = Double.NaN;
            NonFiniteException token = thrownBy(() -> pass.backward(Map.of(new LogProb(), gradient)));
            assertThat(token.tensor()).isEqualTo("the gradient of output logp");
            assertThat(token.rows()).containsExactly(1);
            double[] states = new double[12];
            states[11] = Double.POSITIVE_INFINITY;
            states[8] = Double.NaN;
            NonFiniteException state = thrownBy(() -> pass.backward(Map.of(Head.VALUE, states)));
            assertThat(state.rows()).containsExactly(2, 3);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("A gradient that overflows on its way back")
    void backward(Kernels kernels) {
        double huge = kernels.roundOff() < 1e-10 ? 1e308 : 1e38;
        try (kernels;
                LanguageModel model = model(kernels)) {
            ForwardPass pass = model.forward(BATCH, Set.of(Head.VALUE), 1);
            double[] states = new double[12];
            states[6] = huge;
            states[7] = huge;
            NonFiniteException found = thrownBy(() -> pass.backward(Map.of(Head.VALUE, states)));
            assertThat(found.rows()).containsExactly(1);
            assertThat(found.tensor()).startsWith("the gradient of ");
        }
    }
}
