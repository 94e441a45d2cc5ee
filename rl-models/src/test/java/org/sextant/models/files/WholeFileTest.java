// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file appears whole or not at all")
class WholeFileTest {
    @TempDir
    Path directory;

    @Test
    void a_failure_leaves_the_old_file_and_nothing_else() throws IOException {
        Path file = directory.resolve("a.txt");
        WholeFile.writeText(file, "old");
        assertThatThrownBy(() -> WholeFile.write(file, channel -> {
                    WholeFile.writeFully(channel, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("cannot write " + file + ": No space left on device");
        assertThat(file).hasContent("old");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void leftovers_of_a_kill_are_overwritten() throws IOException {
        Path file = directory.resolve("a.txt");
        Files.writeString(directory.resolve(".a.txt.partial"), "longer than what is written now");
        WholeFile.writeText(file, "new");
        assertThat(file).hasContent("new");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_directory_that_cannot_be_made() throws IOException {
        Path taken = Files.writeString(directory.resolve("taken"), "a file");
        assertThatThrownBy(() -> WholeFile.writeText(taken.resolve("a.txt"), "text"))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("cannot write " + taken.resolve("a.txt"));
    }
}
