// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.models.files.ModelFileException;

class TokenizersTest {
    @TempDir
    Path directory;

    @Test
    void the_files_say_which_kind_it_is(@TempDir Path other) {
        CharacterTokenizer.of("abc").save(directory);
        assertThat(Tokenizers.read(directory)).isEqualTo(CharacterTokenizer.of("abc"));
        assertThat(TokenizerFolder.small(other).read().vocabularySize()).isEqualTo(1024);
    }

    @Test
    void an_adapter_has_that_of_its_model_or_its_own(@TempDir Path base) {
        TokenizerFolder.small(base).file("config.json", "{\"eos_token_id\": [7, 9]}");
        new TokenizerFolder(directory)
                .file(
                        "adapter_config.json",
                        "{\"peft_type\": \"LORA\", \"r\": 2, \"target_modules\": [\"q_proj\"],"
                                + " \"base_model_name_or_path\": \"" + base + "\"}");
        ModelTokenizer ofTheModel = Tokenizers.read(base);
        assertThat(Tokenizers.read(directory)).isEqualTo(ofTheModel);
        ofTheModel.save(directory);
        assertThat(directory.resolve("tokenizer.json")).exists();
        assertThat(Tokenizers.read(directory)).isEqualTo(ofTheModel);
        assertThat(ofTheModel.eosIds()).containsExactlyInAnyOrder(TokenizerFolder.END, 7, 9);
    }

    @Test
    void two_or_none_are_an_error() {
        assertThatThrownBy(() -> Tokenizers.read(directory))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(directory + " has no tokenizer")
                .hasMessageEndingWith("(models that began here)");
        new TokenizerFolder(directory).file("vocab.json", "{}").file("merges.txt", "");
        assertThatThrownBy(() -> Tokenizers.read(directory))
                .hasMessageContaining("it has vocab.json, merges.txt: let AutoTokenizer");
        CharacterTokenizer.of("abc").save(directory);
        TokenizerFolder.small(directory);
        assertThatThrownBy(() -> Tokenizers.read(directory)).hasMessageContaining("has two tokenizers");
    }
}
