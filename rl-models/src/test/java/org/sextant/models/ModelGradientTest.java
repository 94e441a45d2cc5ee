// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Experience;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.output.Output;
import org.sextant.api.output.SumPiSquared;
import org.sextant.api.output.VocabularyReduction;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Parameter;

@DisplayName("Gradients of the whole model against central differences in double")
class ModelGradientTest {
    private static final double STEP = 1e-5;

    /** −log(1 + π(y)) weighed by the position: a reduction that no kernel knows. */
    private record Odd() implements VocabularyReduction {
        @Override
        public String name() {
            return "odd";
        }

        @Override
        public double forward(LogitsRow row) {
            return -(1 + 0.1 * row.position()) * Math.log1p(row.prob(row.token()));
        }

        @Override
        public void backward(LogitsRow row, double upstream, double[] gradient) {
            double p = row.prob(row.token());
            double outer = -upstream * (1 + 0.1 * row.position()) / (1 + p) * p;
            for (int v = 0; v < gradient.length; v++) {
                gradient[v] += outer * ((v == row.token() ? 1 : 0) - row.prob(v));
            }
        }
    }

    static Stream<Arguments> cases() {
        Set<Output> all = Set.of(new LogProb(), new Entropy(), new SumPiSquared(), new Odd(), Head.VALUE, Head.SCORE);
        return Stream.of(
                Arguments.of(true, Set.of(new LogProb())),
                Arguments.of(false, Set.of(new LogProb())),
                Arguments.of(false, Set.of(new Entropy())),
                Arguments.of(false, Set.of(new SumPiSquared())),
                Arguments.of(true, Set.of(new Odd())),
                Arguments.of(false, Set.of(Head.VALUE)),
                Arguments.of(true, all));
    }

    @ParameterizedTest(name = "tied {0}: {1}")
    @MethodSource("cases")
    void everyParameter(boolean tied, Set<Output> outputs) {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model =
                        TestModels.spread(TestModels.tiny(tied), Set.of(Head.VALUE, Head.SCORE), kernels)) {
            assertGradients(model, outputs, model.parameters());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFamily(Family family) {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = TestModels.spread(TestModels.tiny(family), Set.of(Head.VALUE), kernels)) {
            assertGradients(model, Set.of(new LogProb(), Head.VALUE), model.parameters());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("An adapter on every projection, after it has moved; its base has no gradient")
    void adapter(Family family) {
        List<String> targets = family == Family.GPT2
                ? List.of("c_attn", "c_proj", "c_fc")
                : List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
        var settings = new AdapterSettings(3, 4, 0, targets, family == Family.QWEN3);
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = TestModels.spread(TestModels.tiny(family), Set.of(), kernels);
                LanguageModel model = TestModels.adapted(base, Set.of(Head.VALUE), settings)) {
            assertGradients(model, Set.of(new LogProb(), Head.VALUE), model.trained());
            assertThat(base.parameters()).noneMatch(Parameter::hasGradient);
            assertThat(model.trained()).hasSize(2 * 2 * (family == Family.GPT2 ? 4 : 7) + 1);
        }
    }

    private static void assertGradients(LanguageModel model, Set<Output> outputs, List<Parameter> parameters) {
        Experience batch = TestModels.batch(11, 3, 7, 0, 1, 5);
        ForwardPass pass = model.forward(batch, outputs, 0.7);
        Map<Output, double[]> weights = new LinkedHashMap<>();
        Random random = new Random(4);
        outputs.forEach(o ->
                weights.put(o, random.doubles(pass.get(o).length, -1, 1).toArray()));
        pass.backward(weights);
        DoubleSupplier loss = () -> loss(model.score(batch, outputs, 0.7), weights);
        parameters.forEach(p -> assertDerivative(model.kernels(), loss, p));
    }

    private static double loss(Map<Output, double[]> values, Map<Output, double[]> weights) {
        double sum = 0;
        for (var entry : weights.entrySet()) {
            double[] numbers = values.get(entry.getKey());
            for (int i = 0; i < numbers.length; i++) {
                sum += entry.getValue()[i] * numbers[i];
            }
        }
        return sum;
    }

    /** Some elements of every row. */
    private static void assertDerivative(Kernels kernels, DoubleSupplier loss, Parameter p) {
        Tensor w = p.value();
        for (int r = 0; r < w.rows(); r++) {
            for (int c = r % 3; c < w.columns(); c += 3) {
                double kept = kernels.get(w, r, c);
                kernels.set(w, r, c, kept + STEP);
                double above = loss.getAsDouble();
                kernels.set(w, r, c, kept - STEP);
                double below = loss.getAsDouble();
                kernels.set(w, r, c, kept);
                double expected = (above - below) / (2 * STEP);
                assertThat(kernels.get(p.gradient(), r, c))
                        .as("∂loss / ∂%s[%d, %d]", p.name(), r, c)
                        .isCloseTo(expected, within(1e-8 + 1e-6 * Math.abs(expected)));
            }
        }
    }
}
