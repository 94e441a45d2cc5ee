// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.OptimiserSettings.Schedule;
import org.sextant.api.model.Role;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.output.Output;
import org.sextant.api.output.SumPiSquared;
import org.sextant.api.output.VocabularyReduction;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryUse;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Parameter;

@DisplayName("Outputs of a model on ragged batches")
class LanguageModelTest {
    private static final Set<Output> OUTPUTS = Set.of(new LogProb(), new Entropy(), new SumPiSquared(), Head.VALUE);
    private static final int[] LENGTHS = {40, 3, 0, 33, 1, 64, 32, 2};

    private static LanguageModel model(Kernels kernels) {
        return TestModels.spread(TestModels.tiny(false), Set.of(Head.VALUE), kernels);
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Bits are the same alone, in a batch, in another order, scored or trained on")
    void bits(Kernels kernels) {
        Experience batch = TestModels.batch(11, 6, LENGTHS);
        int[] order = {5, 2, 7, 0, 6, 1, 4, 3};
        Offset<Double> agreement = TestModels.agreement(kernels);
        try (kernels;
                LanguageModel model = model(kernels)) {
            Map<Output, double[]> whole = model.score(batch, OUTPUTS, 0.8);
            ForwardPass pass = model.forward(batch.select(Rows.of(order)), OUTPUTS, 0.8);
            Layout shuffled = batch.layout().select(order);
            for (Output output : OUTPUTS) {
                for (int i = 0; i < order.length; i++) {
                    double[] expected = row(whole.get(output), output, batch.layout(), order[i]);
                    assertThat(row(pass.get(output), output, shuffled, i)).containsExactly(expected, agreement);
                    Experience alone = batch.select(Rows.of(order[i]));
                    assertThat(model.score(alone, OUTPUTS, 0.8).get(output)).containsExactly(expected, agreement);
                }
            }
        }
    }

    private static double[] row(double[] values, Output output, Layout layout, int row) {
        return switch (output.domain()) {
            case TOKEN -> Arrays.copyOfRange(values, layout.start(row), layout.end(row));
            default ->
                Arrays.copyOfRange(values, layout.stateStart(row), layout.stateStart(row) + layout.length(row) + 1);
        };
    }

    /** The fused kernels against the definitions in the API, through a reduction that hides its type. */
    private record Plain(VocabularyReduction definition) implements VocabularyReduction {
        @Override
        public String name() {
            return definition.name();
        }

        @Override
        public double forward(LogitsRow row) {
            return definition.forward(row);
        }

        @Override
        public void backward(LogitsRow row, double upstream, double[] gradient) {
            definition.backward(row, upstream, gradient);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Fused reductions give what their definitions give, 0 outside the mask and for first tokens")
    void definitions(Kernels kernels) {
        Experience batch = TestModels.batch(11, 7, LENGTHS);
        try (kernels;
                LanguageModel model = model(kernels)) {
            for (VocabularyReduction fused :
                    new VocabularyReduction[] {new LogProb(), new Entropy(), new SumPiSquared()}) {
                Output plain = new Plain(fused);
                ForwardPass pass = model.forward(batch, Set.of(fused, plain), 1.3);
                assertThat(pass.get(fused)).containsExactly(pass.get(plain), within(1e-5));
                for (int row = 0; row < batch.rows(); row++) {
                    for (int t = batch.layout().start(row); t < batch.layout().end(row); t++) {
                        boolean predicted = batch.get(Standard.RESPONSE_MASK)[t]
                                && t > batch.layout().start(row);
                        assertThat(pass.get(fused)[t] != 0).isEqualTo(predicted);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("A batch in one piece, in two and in eight has the same gradient")
    void micro_batches(Kernels kernels) {
        Experience batch = TestModels.batch(11, 8, LENGTHS);
        double tolerance = Math.max(1e-6, TestModels.agreement(kernels).value);
        try (kernels;
                LanguageModel model = model(kernels)) {
            double[] whole = gradients(model, batch, 8);
            for (int rowsAtOnce : new int[] {4, 1}) {
                double[] split = gradients(model, batch, rowsAtOnce);
                for (int i = 0; i < whole.length; i++) {
                    assertThat(split[i]).isCloseTo(whole[i], within(tolerance * Math.max(1, Math.abs(whole[i]))));
                }
            }
        }
    }

    private static double[] gradients(LanguageModel model, Experience batch, int rowsAtOnce) {
        for (int from = 0; from < batch.rows(); from += rowsAtOnce) {
            int to = Math.min(batch.rows(), from + rowsAtOnce);
            ForwardPass pass =
                    model.forward(batch.select(Rows.of(IntStream.range(from, to).toArray())), OUTPUTS, 0.8);
            Map<Output, double[]> upstream = new HashMap<>();
            OUTPUTS.forEach(o -> upstream.put(
                    o, Arrays.stream(pass.get(o)).map(x -> 0.1 * x - 0.05).toArray()));
            pass.backward(upstream);
        }
        return model.parameters().stream()
                .flatMapToDouble(p -> takeGradient(model.kernels(), p))
                .toArray();
    }

    private static DoubleStream takeGradient(Kernels kernels, Parameter p) {
        Tensor g = p.gradient();
        double[] all = new double[(int) g.size()];
        double[] row = new double[g.columns()];
        for (int r = 0; r < g.rows(); r++) {
            kernels.readRow(g, r, row);
            System.arraycopy(row, 0, all, r * row.length, row.length);
        }
        kernels.zero(g, g.rows());
        return Arrays.stream(all);
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Steps of sizes that were seen before allocate nothing")
    void no_allocation(Kernels kernels) {
        Experience batch = TestModels.batch(11, 9, LENGTHS);
        try (kernels;
                LanguageModel model = model(kernels)) {
            gradients(model, batch, 3);
            model.score(batch, OUTPUTS, 1);
            long before =
                    kernels.memory().stream().mapToLong(MemoryUse::allocations).sum();
            gradients(model, batch, 3);
            model.score(batch, OUTPUTS, 1);
            assertThat(kernels.memory().stream()
                            .mapToLong(MemoryUse::allocations)
                            .sum())
                    .isEqualTo(before);
            assertThat(model.bytesByRole().values()).allMatch(bytes -> bytes > 0);
        }
        assertThat(kernels.memory()).allMatch(use -> use.bytes() == 0);
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    void misuse(Kernels kernels) {
        try (kernels;
                LanguageModel model = model(kernels)) {
            Set<Output> logp = Set.of(new LogProb());
            assertThatThrownBy(() -> model.score(TestModels.batch(11, 1, 4, 65), logp, 1))
                    .hasMessageContaining("row 1 of the batch has 65 tokens, the model's context is 64");
            Experience unknown = TestModels.batch(Layout.ofLengths(1, 3), new int[] {0, 1, 11, 2}, new boolean[4]);
            assertThatThrownBy(() -> model.forward(unknown, logp, 1))
                    .hasMessageContaining("row 1 of the batch has id 11 at token 1; the model knows ids 0 to 10");
            Experience batch = TestModels.batch(11, 1, 4, 5);
            assertThatThrownBy(() -> model.score(batch, Set.of(Head.SCORE), 1)).hasMessageContaining("no SCORE head");
            ForwardPass first = model.forward(batch, logp, 1);
            assertThatThrownBy(() -> first.get(new Entropy())).hasMessageContaining("'entropy' was not asked for");
            assertThatThrownBy(() -> first.backward(Map.of(new LogProb(), new double[3])))
                    .hasMessageContaining("has 3 entries, the output has 9");
            model.forward(batch, logp, 1);
            assertThatThrownBy(() -> first.backward(Map.of(new LogProb(), new double[9])))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("pass 2 has taken its activations over");
        }
    }

    private static final AdapterSettings ADAPTER = new AdapterSettings(3, 4, 0.5, List.of("q_proj", "up_proj"), false);

    static Stream<Arguments> planned() {
        return Stream.of(
                        ModelOptions.PLAIN,
                        ModelOptions.PLAIN.withAdapter(Optional.of(ADAPTER)),
                        new ModelOptions(Optional.of(ADAPTER), WeightFormat.BF16, true, false, 0),
                        new ModelOptions(Optional.empty(), WeightFormat.FLOAT, true, true, 1))
                .flatMap(options -> TestModels.kernels().map(kernels -> Arguments.of(kernels, options)));
    }

    @ParameterizedTest
    @MethodSource("planned")
    @DisplayName(
            "What is planned is what is held: weights, gradients and moments exactly, activations up to the rounding"
                    + " of sizes")
    void plan(Kernels kernels, ModelOptions options, @TempDir Path saved) {
        try (LanguageModel fresh = TestModels.spread(TestModels.tiny(false), Set.of(), kernels)) {
            fresh.save(saved);
        }
        // As many tokens as a pass of score() takes, in the shortest rows that are reckoned with.
        Experience batch =
                TestModels.batch(11, 10, IntStream.generate(() -> 16).limit(128).toArray());
        try (kernels;
                LanguageModel base = options.adapter().isPresent()
                        ? LanguageModel.load(saved, kernels, Role.REFERENCE, options.frozenFormat())
                        : model(kernels);
                LanguageModel model = options.adapter().isPresent()
                        ? TestModels.adapted(base, Set.of(Head.VALUE), ADAPTER)
                        : base.copy(Role.POLICY)) {
            model.prepare(options);
            model.score(batch, OUTPUTS, 1);
            ForwardPass pass = model.forward(batch, OUTPUTS, 1);
            pass.backward(OUTPUTS.stream().collect(Collectors.toMap(o -> o, pass::get)));
            Map<String, Long> planned =
                    PlannedMemory.bytes(model.config(), options, Set.of(Head.VALUE), Role.POLICY, 2048, 2048, kernels);
            Map<String, Long> held = model.bytesByRole();
            assertThat(planned.get("policy")).isEqualTo(held.get("policy"));
            assertThat(planned.get("policy_gradients")).isEqualTo(held.get("policy_gradients"));
            if (options.adapter().isPresent()) {
                assertThat(planned.get("base")).isEqualTo(base.bytesByRole().get("reference"));
            }
            OptimiserSettings settings = new OptimiserSettings(1e-3, Schedule.CONSTANT, 0, 0, 0.9, 0.99, 1e-8, 0, 0, 1);
            try (AdamW optimiser = new AdamW(model.trained(), settings, 1, kernels)) {
                assertThat(planned.get("optimiser")).isEqualTo(optimiser.bytes());
            }
            assertThat((double) planned.get("policy_activations"))
                    .isBetween(1.0 * held.get("policy_activations"), 1.15 * held.get("policy_activations"));
        }
    }
}
