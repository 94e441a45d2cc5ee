// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;

class ModelFolderTest {
    private static final String CASES = """
        {"weights_file": "model.safetensors", "cases": [
         {"id": "one", "kind": "greedy", "input_ids": [[1]], "attention_mask": [[1]], "position_ids": [[0]], "new_tokens": [[1]]}]}\
        """;

    @TempDir
    private Path folder;

    @Test
    void familiesThatAreNotOfferedAreSkippedByName() throws IOException {
        assertThat(only("{\"model_type\": \"mamba\"}").line())
                .contains("1 skipped")
                .contains("model family mamba");
    }

    @Test
    void aModelThatCannotBeReadFailsTheCaseAndSaysWhy() throws IOException {
        MethodResult result = only("{\"model_type\": \"llama\"}");

        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.id()).isEqualTo("one");
            assertThat(failure.reason()).contains("config.json");
        });
    }

    private MethodResult only(String config) throws IOException {
        Files.writeString(folder.resolve("cases.json"), CASES);
        Files.writeString(folder.resolve("config.json"), config);
        try (Kernels kernels = new ReferenceKernels()) {
            return new Conformance(kernels).run(folder, result -> {}).methods().getFirst();
        }
    }
}
