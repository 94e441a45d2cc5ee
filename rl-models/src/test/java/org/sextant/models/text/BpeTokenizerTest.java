// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sextant.models.text.TokenizerFolder.END;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.text.TokenizerFolder.Case;

class BpeTokenizerTest {
    private static final String SPECIAL = "<|endoftext|>";

    @TempDir
    Path directory;

    private TokenizerFolder folder() {
        return TokenizerFolder.small(directory);
    }

    // ---- ids

    @Test
    void ids_are_those_of_gpt2s_own_encoder() {
        BpeTokenizer tokenizer = folder().read();
        for (Case one : TokenizerFolder.smallCases()) {
            if (!one.text().contains(SPECIAL)) {
                assertThat(tokenizer.encode(one.text())).as(one.text()).isEqualTo(one.ids());
            }
            assertThat(tokenizer.decode(one.ids())).isEqualTo(one.text());
        }
    }

    /** What gpt-2's encoder does not know: where a text spells a special token out, it is read as one. */
    @Test
    void a_tokenizer_without_added_tokens_reads_none() {
        BpeTokenizer plain =
                folder().tokenizer(json -> json.putArray("added_tokens")).read();
        assertThat(TokenizerFolder.smallCases())
                .anyMatch(one -> one.text().contains(SPECIAL))
                .allSatisfy(one -> assertThat(plain.encode(one.text())).isEqualTo(one.ids()));
        assertThat(folder().read().encode("a" + SPECIAL + "b")).containsExactly(64, END, 65);
    }

    @Test
    void special_tokens_are_left_out_of_texts_and_other_added_ones_are_not() {
        BpeTokenizer tokenizer = folder().tokenizer(
                        json -> add(add(json, 1024, "<|pad|>", true), 1025, "<tool>", false))
                .read();
        assertThat(tokenizer.vocabularySize()).isEqualTo(1026);
        assertThat(tokenizer.encode("a<|pad|><tool>")).containsExactly(64, 1024, 1025);
        assertThat(tokenizer.decode(new int[] {64, 1024, 1025, END, 65})).isEqualTo("a<tool>b");
    }

    private static ObjectNode add(ObjectNode json, int id, String content, boolean special) {
        json.withArray("added_tokens")
                .addObject()
                .put("id", id)
                .put("content", content)
                .put("special", special)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false);
        return json;
    }

    @Test
    void texts_keep_their_spaces() {
        BpeTokenizer tokenizer = folder().file(
                        "tokenizer_config.json",
                        "{\"eos_token\": \"<|endoftext|>\", \"clean_up_tokenization_spaces\": true}")
                .read();
        String text = "a , b . it 's n't ?";
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }

    @Test
    void nothing_is_padded_or_cut_whatever_the_file_says() throws IOException {
        BpeTokenizer tokenizer = folder().tokenizer(json -> {
                    json.putObject("truncation")
                            .put("direction", "Right")
                            .put("max_length", 2)
                            .put("strategy", "LongestFirst")
                            .put("stride", 0);
                    json.putObject("padding")
                            .put("direction", "Left")
                            .put("pad_id", END)
                            .put("pad_type_id", 0)
                            .put("pad_token", SPECIAL)
                            .putObject("strategy")
                            .put("Fixed", 9);
                })
                .read();
        assertThat(tokenizer.encode("abcd")).hasSize(tokenizer.encode("ab").length + 2);
        assertThat(tokenizer.encode("")).isEmpty();
    }

    @Test
    void half_a_character_is_refused_where_it_is() {
        BpeTokenizer tokenizer = folder().read();
        assertThatThrownBy(() -> tokenizer.encode("a😀" + "😀".charAt(0) + "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(U+D83D) at position 3");
    }

    @Test
    void ids_that_are_none_are_refused() {
        BpeTokenizer tokenizer = folder().read();
        assertThatThrownBy(() -> tokenizer.decode(new int[] {1024}))
                .hasMessageContaining("id 1024 has no text; ids are 0 to 1023");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {-1})).hasMessageContaining("id -1");
    }

    // ---- where sequences begin and end

    @ParameterizedTest
    @CsvSource({
        "true, true, true",
        "false, true, false",
        "true, false, true",
        "false, false, false",
        ", true, true",
        ", false, false"
    })
    void add_bos_token_decides_and_without_it_the_post_processor(Boolean add, boolean template, boolean expected) {
        TokenizerFolder folder = folder().tokenizer(json -> {
            if (template) {
                withTemplate(json);
            }
        });
        folder.file(
                "tokenizer_config.json",
                "{\"eos_token\": {\"content\": \"<|endoftext|>\"}, \"bos_token\": \"<|endoftext|>\""
                        + (add == null ? "" : ", \"add_bos_token\": " + add) + "}");
        BpeTokenizer tokenizer = folder.read();
        assertThat(tokenizer.bos().isPresent()).isEqualTo(expected);
        assertThat(tokenizer.encodePrompt("a")).isEqualTo(expected ? new int[] {END, 64} : new int[] {64});
        assertThat(tokenizer.encode("a")).containsExactly(64);
        assertThat(tokenizer.encodePrompt(SPECIAL + "a")).containsExactly(END, 64);
        assertThat(tokenizer.encodePrompt("")).hasSize(expected ? 1 : 0);
    }

    /** As Llama 3 has it, with an end behind the text too, which a prompt does not get. */
    private static void withTemplate(ObjectNode json) {
        ObjectNode sequence = json.putObject("post_processor").put("type", "Sequence");
        sequence.withArray("processors")
                .addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", true)
                .put("trim_offsets", false)
                .put("use_regex", true);
        ObjectNode template = sequence.withArray("processors").addObject().put("type", "TemplateProcessing");
        template.withArray("single")
                .addObject()
                .putObject("SpecialToken")
                .put("id", SPECIAL)
                .put("type_id", 0);
        template.withArray("single")
                .addObject()
                .putObject("Sequence")
                .put("id", "A")
                .put("type_id", 0);
        template.withArray("single")
                .addObject()
                .putObject("SpecialToken")
                .put("id", SPECIAL)
                .put("type_id", 0);
        template.putArray("pair");
        template.putObject("special_tokens")
                .putObject(SPECIAL)
                .put("id", SPECIAL)
                .putArray("ids")
                .add(END);
    }

    @Test
    void every_id_that_ends_an_answer_counts() {
        BpeTokenizer tokenizer = folder().file("generation_config.json", "{\"eos_token_id\": [7, 1023]}")
                .file("config.json", "{\"eos_token_id\": 9}")
                .read();
        assertThat(tokenizer.eos()).isEqualTo(END);
        assertThat(tokenizer.eosIds()).containsExactlyInAnyOrder(END, 7, 9);
        assertThat(tokenizer.decode(new int[] {64, 7, 9, END})).isEqualTo("a");
    }

    /** The directory of gpt2 on the hub names no token; its config has the id. */
    @Test
    void the_config_says_the_end_where_no_token_is_named() throws IOException {
        TokenizerFolder folder = folder().file("tokenizer_config.json", "{\"model_max_length\": 1024}");
        assertThatThrownBy(folder::read)
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("does not say which token ends a text")
                .hasMessageContaining("eos_token_id in config.json");
        assertThat(folder.file("config.json", "{\"eos_token_id\": 1023}").read().eos())
                .isEqualTo(END);
        Files.delete(directory.resolve("tokenizer_config.json"));
        assertThat(folder.read().bos()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tokenizer_config.json | {\"eos_token\": \"<end>\"} | eos_token is \"<end>\"; supported is a token of tokenizer.json",
                "tokenizer_config.json | {\"eos_token\": 5} | eos_token is 5",
                "tokenizer_config.json | {\"eos_token\": \"a\", \"add_bos_token\": 1} | add_bos_token is 1; supported is true or false",
                "tokenizer_config.json | {\"eos_token\": \"a\", \"add_bos_token\": true} | true where bos_token is a token",
                "config.json | {\"eos_token_id\": 1024} | eos_token_id is 1024; supported is ids of tokenizer.json, 0 to 1023",
                "generation_config.json | {\"eos_token_id\": [1, \"a\"]} | eos_token_id is \"a\"",
                "special_tokens_map.json | [] | it is not a JSON object",
                "tokenizer_config.json | {\"eos_token\": \"a\", \"eos_token\": \"b\"} | Duplicate field 'eos_token'",
            })
    void mistakes_of_the_other_files_are_named(String name, String json, String message) {
        TokenizerFolder folder = folder().file(name, json);
        assertThatThrownBy(folder::read)
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(directory.resolve(name).toString())
                .hasMessageContaining(message);
    }

    // ---- files

    @Test
    void saved_it_is_the_same_file_for_file(@TempDir Path copy) throws IOException {
        BpeTokenizer tokenizer = folder().file(
                        "generation_config.json", "{\"eos_token_id\": [7], \"temperature\": 0.6}")
                .file("chat_template.jinja", "{{ messages }}")
                .read();
        tokenizer.save(copy);
        for (String name :
                new String[] {"tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja"
                }) {
            assertThat(Files.readAllBytes(copy.resolve(name)))
                    .as(name)
                    .isEqualTo(Files.readAllBytes(directory.resolve(name)));
        }
        assertThat(Tokenizers.read(copy)).isEqualTo(tokenizer);
        Files.delete(copy.resolve("generation_config.json"));
        assertThat(Tokenizers.read(copy)).isNotEqualTo(tokenizer);
    }
}
