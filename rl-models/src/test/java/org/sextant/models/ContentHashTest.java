// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.model.Role;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.TensorEntry;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.Family;

@DisplayName("Identity of weights in memory")
class ContentHashTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("It is SHA-256 over names, shapes and float32 data, whatever the kernels")
    void floats(Kernels kernels) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (SafetensorsFile file = SafetensorsFile.open(GoldenLlama.directory().resolve("model.safetensors"))) {
            for (TensorEntry entry : file.tensors().values()) {
                String shape = entry.shape().size() == 1
                        ? "1 " + entry.shape().getFirst()
                        : entry.shape().getFirst() + " " + entry.shape().getLast();
                digest.update((entry.name() + " F32 " + shape + "\n").getBytes(StandardCharsets.UTF_8));
                digest.update(file.bytes(entry).asByteBuffer());
            }
        }
        try (kernels;
                LanguageModel model = LanguageModel.load(GoldenLlama.directory(), kernels, Role.POLICY)) {
            assertThat(model.contentHash()).isEqualTo(HEX.formatHex(digest.digest()));
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Weights in bfloat16 are those that they were rounded to")
    void halves(Kernels kernels) {
        try (kernels;
                LanguageModel half =
                        LanguageModel.load(GoldenLlama.directory(), kernels, Role.REFERENCE, WeightFormat.BF16);
                LanguageModel whole = LanguageModel.load(GoldenLlama.directory(), kernels, Role.POLICY)) {
            assertThat(half.contentHash()).isNotEqualTo(whole.contentHash());
            for (int i = 0; i < whole.parameters().size(); i++) {
                Tensor rounded = half.parameters().get(i).value();
                kernels.copy(rounded, whole.parameters().get(i).value(), rounded.rows());
            }
            assertThat(half.contentHash()).isEqualTo(whole.contentHash());
        }
    }

    @Test
    @DisplayName("A number that no float32 has counts to its last bit")
    void doubles() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = TestModels.spread(TestModels.tiny(Family.LLAMA), Set.of(), kernels)) {
            Tensor weight = model.parameters().getFirst().value();
            kernels.set(weight, 0, 0, 0.1);
            String before = model.contentHash();
            kernels.set(weight, 0, 0, Math.nextUp(0.1));
            assertThat(model.contentHash()).isNotEqualTo(before);
        }
    }
}
