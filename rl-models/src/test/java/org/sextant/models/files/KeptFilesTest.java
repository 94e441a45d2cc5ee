// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Files that go from a loaded model to a saved one")
class KeptFilesTest {
    @TempDir
    Path directory;

    @Test
    @DisplayName(
            "Tokenizer and generation settings are kept byte for byte, even when their directory is gone; no config is"
                    + " written")
    void kept() throws IOException {
        Path from = Files.createDirectory(directory.resolve("from"));
        List<String> names = List.of("generation_config.json", "merges.txt", "tokenizer.json", "tokenizer_config.json");
        for (String name : names) {
            Files.write(from.resolve(name), (name + "\r\n\0é").getBytes());
        }
        Files.writeString(from.resolve("config.json"), "{}");
        Files.writeString(from.resolve("README.md"), "about another model");
        KeptFiles kept = KeptFiles.of(from);
        assertThat(kept.names()).containsAll(names).contains("config.json").hasSize(names.size() + 1);
        for (String name : names) {
            Files.delete(from.resolve(name));
        }
        Path to = directory.resolve("new/to");
        kept.writeTo(to);
        try (var files = Files.list(to)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(names);
        }
        for (String name : names) {
            assertThat(to.resolve(name)).hasBinaryContent((name + "\r\n\0é").getBytes());
        }
    }

    @Test
    @DisplayName("Licences and further chat templates are kept, but nothing that a link brings in from elsewhere")
    void licences_and_templates() throws IOException {
        Path from = Files.createDirectories(directory.resolve("models/snapshots/1"));
        Path blob = Files.createDirectories(directory.resolve("models/blobs")).resolve("5e");
        Files.writeString(blob, "from the cache");
        for (String name :
                List.of("LICENSE", "Notice.txt", "USE_POLICY.md", "LICENSE-MODEL", "licenses.csv", "README.md")) {
            Files.writeString(from.resolve(name), name);
        }
        Files.createSymbolicLink(from.resolve("LICENSE.txt"), Path.of("../../blobs/5e"));
        Path secret = Files.writeString(directory.resolve("secret"), "of another");
        Files.createSymbolicLink(from.resolve("COPYING"), secret);
        Files.write(from.resolve("LICENSE.big"), new byte[2_000_000]);
        Path templates = Files.createDirectory(from.resolve("additional_chat_templates"));
        Files.writeString(templates.resolve("tool_use.jinja"), "{{ tools }}");
        Files.writeString(templates.resolve("notes.txt"), "");
        Files.createSymbolicLink(templates.resolve("rag.jinja"), secret);
        Files.createDirectory(templates.resolve("folder.jinja"));
        KeptFiles kept = KeptFiles.of(from);
        assertThat(kept.names())
                .containsExactlyInAnyOrder(
                        "LICENSE",
                        "LICENSE-MODEL",
                        "LICENSE.txt",
                        "Notice.txt",
                        "USE_POLICY.md",
                        "additional_chat_templates/tool_use.jinja");
        Path to = directory.resolve("to");
        kept.writeTo(to);
        assertThat(to.resolve("LICENSE.txt")).isRegularFile().hasContent("from the cache");
        assertThat(to.resolve("additional_chat_templates/tool_use.jinja")).hasContent("{{ tools }}");
    }

    @Test
    void nothing_to_keep() {
        KeptFiles.none().writeTo(directory.resolve("to"));
        assertThat(directory.resolve("to")).doesNotExist();
        assertThat(KeptFiles.of(directory).names()).isEmpty();
    }

    @Test
    void one_that_cannot_be_read() throws IOException {
        Files.createDirectory(directory.resolve("tokenizer.json"));
        assertThatThrownBy(() -> KeptFiles.of(directory))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("cannot read " + directory.resolve("tokenizer.json"));
    }
}
