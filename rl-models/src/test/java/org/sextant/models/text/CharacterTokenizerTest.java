// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.models.files.ModelFileException;

class CharacterTokenizerTest {
    @TempDir
    Path directory;

    @Test
    void ids_are_the_alphabet_in_order_after_the_end_of_sequence() {
        CharacterTokenizer tokenizer = CharacterTokenizer.of("01+=\n😀");
        assertThat(tokenizer.vocabularySize()).isEqualTo(7);
        assertThat(tokenizer.eos()).isZero();
        assertThat(tokenizer.bos()).isEmpty();
        assertThat(tokenizer.encode("1+0=😀\n")).containsExactly(2, 3, 1, 4, 6, 5);
        assertThat(tokenizer.decode(new int[] {2, 3, 0, 6, 0})).isEqualTo("1+😀");
        assertThat(tokenizer.encode("")).isEmpty();
    }

    @Test
    void a_character_without_an_id_is_named_with_its_position() {
        CharacterTokenizer tokenizer = CharacterTokenizer.of("01+");
        assertThatThrownBy(() -> tokenizer.encode("1+2=3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'2' (U+0032) at position 2 of \"1+2=3\"")
                .hasMessageContaining("01+");
        assertThatThrownBy(() -> tokenizer.encode("1".repeat(50) + "<eos>"))
                .hasMessageContaining("'<' (U+003C) at position 50 of \"" + "1".repeat(40) + "…\"");
    }

    @Test
    void ids_outside_the_alphabet_and_repeated_characters() {
        assertThatThrownBy(() -> CharacterTokenizer.of("ab").decode(new int[] {1, 3}))
                .hasMessageContaining("id 3");
        assertThatThrownBy(() -> CharacterTokenizer.of("aba")).hasMessageContaining("'a' (U+0061) twice");
    }

    @Test
    void saved_and_loaded_it_is_the_same() {
        CharacterTokenizer tokenizer = CharacterTokenizer.of("0123\"\\\n+é😀");
        tokenizer.save(directory);
        assertThat(CharacterTokenizer.load(directory)).isEqualTo(tokenizer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense | it is not JSON",
                "{} | format is missing; supported is \"sextant-characters\"",
                "{\"format\":\"sextant-characters\",\"version\":2,\"characters\":\"ab\"} | version is 2; supported is"
                        + " 1",
                "{\"format\":\"sextant-characters\",\"version\":1} | characters is missing; supported is a text",
                "{\"format\":\"sextant-characters\",\"version\":1,\"characters\":\"aa\"} | 'a' (U+0061) twice",
            })
    void damaged(String json, String message) throws IOException {
        Files.writeString(directory.resolve(CharacterTokenizer.FILE), json);
        assertThatThrownBy(() -> CharacterTokenizer.load(directory))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(directory.resolve(CharacterTokenizer.FILE).toString())
                .hasMessageContaining(message);
    }

    @Test
    void missing() {
        assertThatThrownBy(() -> CharacterTokenizer.load(directory)).hasMessageContaining("there is no such file");
    }
}
