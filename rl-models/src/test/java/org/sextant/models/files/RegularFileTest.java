// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.text.Tokenizers;

@DisplayName("Files that are none, or that never end")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegularFileTest {
    @TempDir
    Path directory;

    private void read(String name) {
        switch (name) {
            case "model.safetensors" -> WeightFiles.open(directory).close();
            case "config.json" -> ModelConfigFile.read(directory);
            case "tokenizer_config.json" -> KeptFiles.of(directory);
            default -> Tokenizers.read(directory);
        }
    }

    private void refused(String name, String what) {
        assertThatThrownBy(() -> read(name))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("cannot read " + directory.resolve(name) + ": it is " + what + ", not a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"})
    void a_directory(String name) throws IOException {
        Files.createDirectory(directory.resolve(name));
        refused(name, "a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"})
    void a_device_without_end(String name) throws IOException {
        Path zero = Path.of("/dev/zero");
        assumeTrue(Files.exists(zero), "no /dev/zero here");
        Path link = Files.createSymbolicLink(directory.resolve(name), zero);
        refused(name, "a device, a pipe or a socket");
        Files.delete(link);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"})
    void a_pipe_that_nobody_writes_to(String name) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo here");
        Process make =
                new ProcessBuilder("/usr/bin/mkfifo", directory.resolve(name).toString()).start();
        assertThat(make.waitFor(10, TimeUnit.SECONDS)).isTrue();
        refused(name, "a device, a pipe or a socket");
    }

    @Test
    @DisplayName("Links to files are followed: the hub's cache is made of them")
    void a_link() throws IOException {
        Path blob = Files.writeString(directory.resolve("blob"), "{}");
        Files.createSymbolicLink(directory.resolve("config.json"), blob);
        assertThatThrownBy(() -> ModelConfigFile.read(directory)).hasMessageContaining("config.json lacks model_type");
    }
}
