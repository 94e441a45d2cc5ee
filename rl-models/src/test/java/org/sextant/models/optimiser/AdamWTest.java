// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.OptimiserSettings.Schedule;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.models.LanguageModel;
import org.sextant.models.NonFiniteException;
import org.sextant.models.TestModels;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.transformer.Parameter;

class AdamWTest {
    private static final LogProb LOG_PROB = new LogProb();
    private static final Experience BATCH = TestModels.batch(11, 5, 6, 9, 4);

    @TempDir
    Path directory;

    private final Kernels kernels = new ReferenceKernels();
    private LanguageModel model;

    @BeforeEach
    void open() {
        model = TestModels.spread(TestModels.tiny(true), Set.of(), kernels);
    }

    @AfterEach
    void close() {
        model.close();
        kernels.close();
    }

    private static OptimiserSettings settings(double learningRate, double decay, double maxNorm) {
        return new OptimiserSettings(learningRate, Schedule.CONSTANT, 0, 0, 0.9, 0.99, 1e-8, decay, maxNorm, 1000);
    }

    private AdamW optimiser(OptimiserSettings settings) {
        return new AdamW(model.parameters(), settings, 10, kernels);
    }

    /** One forward and backward pass of Σ weight · logp. */
    private void backward(double weight) {
        var pass = model.forward(BATCH, Set.of(LOG_PROB), 1);
        double[] gradient = new double[BATCH.layout().tokens()];
        Arrays.fill(gradient, weight);
        pass.backward(Map.of(LOG_PROB, gradient));
    }

    /** Makes every gradient 0 but that of one element. */
    private void setGradient(Parameter p, double value) {
        backward(0);
        kernels.set(p.gradient(), 0, 1, value);
    }

    private Parameter named(String name) {
        return model.parameters().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * By hand, with g = 2 then −1, learning rate 0.1, decay 0.5: m₁ = 0.2, v₁ = 0.04, corrected 2 and 4: w₁ = 0.95·w₀ − 0.1·2/2. Then m₂ = 0.18 − 0.1 =
     * 0.08, v₂ = 0.0396 + 0.01 = 0.0496, corrections 0.19 and 0.0199.
     */
    @Test
    @DisplayName("Two steps by hand, with decay on matrices and none on norms")
    void by_hand() {
        for (String name : List.of("model.embed_tokens.weight", "model.norm.weight")) {
            Parameter p = named(name);
            double factor = p.decays() ? 0.95 : 1;
            double w0 = kernels.get(p.value(), 0, 1);
            try (AdamW optimiser = optimiser(settings(0.1, 0.5, 0))) {
                setGradient(p, 2);
                AdamW.Step first = optimiser.step();
                double w1 = factor * w0 - 0.1;
                assertThat(kernels.get(p.value(), 0, 1)).isCloseTo(w1, within(1e-8));
                assertThat(first).isEqualTo(new AdamW.Step(1, 0.1, 2));
                setGradient(p, -1);
                optimiser.step();
                double expected = factor * w1 - 0.1 * (0.08 / 0.19) / Math.sqrt(0.0496 / 0.0199);
                assertThat(kernels.get(p.value(), 0, 1)).isCloseTo(expected, within(1e-8));
            }
        }
    }

    @Test
    @DisplayName("Clipping scales the gradient to the norm and reports the norm before")
    void clipping() {
        Parameter p = named("model.norm.weight");
        try (AdamW clipped = optimiser(settings(0.1, 0, 0.5))) {
            setGradient(p, 3);
            kernels.set(p.gradient(), 0, 2, 4);
            assertThat(clipped.step().gradientNorm()).isEqualTo(5);
            clipped.save(directory.resolve("clipped"));
        }
        try (AdamW small = optimiser(settings(0.1, 0, 0))) {
            setGradient(p, 3 * 0.5 / (5 + 1e-6));
            kernels.set(p.gradient(), 0, 2, 4 * 0.5 / (5 + 1e-6));
            small.step();
            small.save(directory.resolve("small"));
        }
        assertThat(directory.resolve("clipped")).hasSameBinaryContentAs(directory.resolve("small"));
    }

    @Test
    void gradients_add_until_a_step_uses_them() {
        backward(-0.5);
        double[] once = firstRow(named("model.layers.0.self_attn.q_proj|k_proj|v_proj.weight"));
        backward(-0.5);
        double[] twice = firstRow(named("model.layers.0.self_attn.q_proj|k_proj|v_proj.weight"));
        assertThat(twice).containsExactly(Arrays.stream(once).map(g -> 2 * g).toArray(), within(1e-14));
        assertThat(Arrays.stream(once).anyMatch(g -> g != 0)).isTrue();
        try (AdamW optimiser = optimiser(settings(1e-3, 0, 1))) {
            optimiser.step();
        }
        assertThat(firstRow(named("model.layers.0.self_attn.q_proj|k_proj|v_proj.weight")))
                .containsOnly(0);
    }

    private double[] firstRow(Parameter p) {
        double[] row = new double[p.value().columns()];
        kernels.readRow(p.gradient(), 0, row);
        return row;
    }

    @Test
    @DisplayName("Learning rate 0 leaves the bits, with any gradient, decay and moments")
    void learning_rate_zero() {
        String before = model.contentHash();
        try (AdamW optimiser = optimiser(settings(0, 0.1, 1))) {
            for (int i = 0; i < 3; i++) {
                backward(-1);
                assertThat(optimiser.step().gradientNorm()).isPositive();
            }
        }
        assertThat(model.contentHash()).isEqualTo(before);
    }

    @Test
    @DisplayName("A gradient of 0 with fresh moments and no decay leaves the bits")
    void zero_gradient() {
        String before = model.contentHash();
        try (AdamW optimiser = optimiser(settings(0.1, 0, 1))) {
            backward(0);
            assertThat(optimiser.step().gradientNorm()).isZero();
        }
        assertThat(model.contentHash()).isEqualTo(before);
    }

    @Test
    @DisplayName("Steps after saving and loading are the same as without, bit for bit")
    void resume() {
        Path saved = directory.resolve("optimiser.safetensors");
        try (AdamW first = optimiser(settings(0.01, 0.1, 1))) {
            backward(-1);
            first.step();
            first.save(saved);
            model.save(directory.resolve("model"));
            backward(-1);
            first.step();
        }
        String undisturbed = model.contentHash();
        model.close();
        model = LanguageModel.load(directory.resolve("model"), kernels, Role.POLICY);
        try (AdamW resumed = optimiser(settings(0.01, 0.1, 1))) {
            resumed.load(saved);
            assertThat(resumed.steps()).isEqualTo(1);
            backward(-1);
            resumed.step();
        }
        assertThat(model.contentHash()).isEqualTo(undisturbed);
    }

    @Test
    void state_of_another_model_is_refused() throws IOException {
        Path saved = directory.resolve("optimiser.safetensors");
        try (AdamW optimiser = optimiser(settings(0.01, 0.1, 1));
                LanguageModel other = TestModels.spread(TestModels.tiny(false), Set.of(), kernels);
                AdamW larger = new AdamW(other.parameters(), settings(0.01, 0.1, 1), 10, kernels)) {
            optimiser.save(saved);
            assertThatThrownBy(() -> larger.load(saved))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("it lacks exp_avg.lm_head.weight, exp_avg_sq.lm_head.weight");
            model.save(directory);
            assertThatThrownBy(() -> optimiser.load(directory.resolve("model.safetensors")))
                    .hasMessageContaining("number of steps is ''");
        }
        assertThat(Files.exists(saved)).isTrue();
    }

    @Test
    void a_gradient_that_is_not_finite_stops_before_anything_moves() {
        String before = model.contentHash();
        try (AdamW optimiser = optimiser(settings(0.1, 0, 1))) {
            setGradient(named("model.layers.1.mlp.down_proj.weight"), Double.NaN);
            assertThatThrownBy(optimiser::step)
                    .isInstanceOf(NonFiniteException.class)
                    .hasMessageContaining("the gradient of model.layers.1.mlp.down_proj.weight");
            assertThat(optimiser.steps()).isZero();
            optimiser.zeroGradients();
            assertThat(optimiser.step().gradientNorm()).isZero();
        }
        assertThat(model.contentHash()).isEqualTo(before);
    }

    @Test
    @DisplayName("Three steps on one thread and on two give the same bits")
    void threads() {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        assertThat(trained(2)).isEqualTo(trained(1));
    }

    private static String trained(int threads) {
        Experience batch = TestModels.batch(11, 5, 64, 33, 9, 1, 50, 7);
        try (Kernels vector = KernelsChoice.VECTOR.open(threads);
                LanguageModel policy = TestModels.spread(TestModels.tiny(false), Set.of(), vector);
                AdamW optimiser = new AdamW(policy.parameters(), settings(0.01, 0.1, 1), 10, vector)) {
            String before = policy.contentHash();
            for (int i = 0; i < 3; i++) {
                var pass = policy.forward(batch, Set.of(LOG_PROB), 1);
                pass.backward(Map.of(
                        LOG_PROB,
                        Arrays.stream(pass.get(LOG_PROB)).map(x -> 0.1 * x).toArray()));
                optimiser.step();
            }
            assertThat(policy.contentHash()).isNotEqualTo(before);
            return policy.contentHash();
        }
    }
}
