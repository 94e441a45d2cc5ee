// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    @TempDir
    Path folder;

    @Test
    void resumeGoesBackToTheCheckpoint() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        long position;
        try (JsonLines lines = JsonLines.open(file)) {
            lines.add(Map.of("step", 0));
            position = lines.position();
            lines.add(Map.of("step", 1));
        }
        Files.writeString(file, Files.readString(file) + "{\"step\":2,\"half");
        try (JsonLines lines = JsonLines.open(file)) {
            lines.truncate(position);
            lines.add(Map.of("step", 10));
        }
        assertThat(file).hasContent("{\"step\":0}\n{\"step\":10}\n");
        assertThat(position).isEqualTo(11);
    }

    @Test
    void openingAgainAddsToTheEnd() {
        Path file = folder.resolve("eval.jsonl");
        for (int i = 0; i < 2; i++) {
            try (JsonLines lines = JsonLines.open(file)) {
                lines.add(Map.of("text", "ä\n"));
            }
        }
        assertThat(file).hasContent("{\"text\":\"ä\\n\"}\n{\"text\":\"ä\\n\"}\n");
    }

    @Test
    void fileThatIsShorterThanItsCheckpointSaysIsRefused() {
        Path file = folder.resolve("metrics.jsonl");
        try (JsonLines lines = JsonLines.open(file)) {
            lines.add(Map.of("step", 0));
            assertThatThrownBy(() -> lines.truncate(100))
                    .isInstanceOf(StorageException.class)
                    .hasMessage(file
                            + " has 11 bytes, but the checkpoint was saved when it had 100; it was changed or replaced"
                            + " since, so the run cannot be continued");
        }
    }
}
