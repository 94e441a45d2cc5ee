// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.models.LanguageModel;
import org.sextant.models.TestModels;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.transformer.Family;

@DisplayName("Identity of saved weights")
class Sha256Test {
    @TempDir
    Path directory;

    private String saved(LanguageModel model, String name, ElementType type, long shardBytes) {
        model.save(directory.resolve(name), new SaveFormat(type, shardBytes));
        return Sha256.ofWeights(directory.resolve(name));
    }

    @Test
    @DisplayName("It depends on numbers and type, not on files")
    void weights() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = TestModels.spread(TestModels.tiny(Family.QWEN2), Set.of(), kernels)) {
            String one = saved(model, "one", ElementType.F32, SaveFormat.DEFAULT_SHARD_BYTES);
            assertThat(one).matches("[0-9a-f]{64}");
            assertThat(saved(model, "shards", ElementType.F32, 2_000)).isEqualTo(one);
            assertThat(directory.resolve("shards")).isDirectoryContaining("glob:**/model-00002-of-*");
            assertThat(saved(model, "half", ElementType.BF16, SaveFormat.DEFAULT_SHARD_BYTES))
                    .isNotEqualTo(one);
            kernels.set(model.parameters().getLast().value(), 0, 0, 7);
            assertThat(saved(model, "other", ElementType.F32, SaveFormat.DEFAULT_SHARD_BYTES))
                    .isNotEqualTo(one);
        }
    }
}
