// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Parameter;

@DisplayName("A model that moves towards another")
class MovingAverageTest {
    private static final String KERNELS = "org.sextant.models.TestModels#kernels";

    private static double first(LanguageModel model, Kernels kernels) {
        return kernels.get(model.parameters().getFirst().value(), 1, 1);
    }

    @ParameterizedTest
    @MethodSource(KERNELS)
    @DisplayName("Goes the share of the way that the rate says, again and again")
    void rate(Kernels kernels) {
        try (LanguageModel policy = TestModels.spread(TestModels.tiny(true), Set.of(), kernels);
                LanguageModel reference = policy.copy(Role.REFERENCE)) {
            for (Parameter p : reference.parameters()) {
                kernels.zero(p.value(), p.value().rows());
            }
            double w = first(policy, kernels);
            assertThat(w).isNotZero();
            for (double left = 0.4; left > 0.01; left *= 0.4) {
                reference.moveTowards(policy, 0.6);
                assertThat(first(reference, kernels)).isCloseTo(w * (1 - left), within(1e-6 * Math.abs(w)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KERNELS)
    @DisplayName("Is the other with rate 1, and does not move where it is the other already, to the bit")
    void bits(Kernels kernels) {
        try (LanguageModel policy = TestModels.spread(TestModels.tiny(true), Set.of(Head.VALUE), kernels);
                LanguageModel equal = policy.copy(Role.REFERENCE, Set.of());
                LanguageModel other = policy.copy(Role.REFERENCE, Set.of())) {
            for (Parameter p : other.parameters()) {
                kernels.scale(p.value(), p.value().rows(), 0.3);
            }
            assertThat(other.contentHash()).isNotEqualTo(equal.contentHash());
            String before = equal.contentHash();
            equal.moveTowards(policy, 0.37);
            assertThat(equal.contentHash()).isEqualTo(before);
            other.moveTowards(policy, 1);
            assertThat(other.contentHash()).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("With an adapter moves in its factors, and leaves the shared weights alone")
    void factors() {
        AdapterSettings settings = new AdapterSettings(2, 4, 0, List.of("q_proj"), false);
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = TestModels.spread(TestModels.tiny(true), Set.of(), kernels);
                LanguageModel policy = TestModels.adapted(base, Set.of(), settings);
                LanguageModel reference = policy.copy(Role.REFERENCE)) {
            String shared = base.contentHash();
            Parameter down = policy.transformer().factors().getFirst();
            Parameter own = reference.transformer().factors().getFirst();
            double from = kernels.get(own.value(), 0, 0);
            kernels.set(down.value(), 0, 0, from + 1);
            reference.moveTowards(policy, 0.25);
            assertThat(kernels.get(own.value(), 0, 0)).isCloseTo(from + 0.25, within(1e-12));
            assertThat(base.contentHash()).isEqualTo(shared);
        }
    }

    @Test
    @DisplayName("Must have its shape")
    void shapes() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel tied = TestModels.spread(TestModels.tiny(true), Set.of(), kernels);
                LanguageModel untied = TestModels.spread(TestModels.tiny(false), Set.of(), kernels)) {
            assertThatThrownBy(() -> tied.moveTowards(untied, 0.5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a moving average needs models of one shape: one has lm_head")
                    .hasMessageContaining("the other nothing of that name");
            assertThat(new TransformerShape(tied.config()).averagesWith(new TransformerShape(untied.config())))
                    .isFalse();
            assertThat(new TransformerShape(tied.config()).averagesWith(new TransformerShape(tied.config())))
                    .isTrue();
        }
    }
}
