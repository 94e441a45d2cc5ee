// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.model.Tokenizer;
import org.sextant.models.text.TokenizerFolder.Case;

class IncrementalTextTest {
    @TempDir
    static Path directory;

    private static BpeTokenizer tokenizer() {
        return TokenizerFolder.small(directory).read();
    }

    private static List<String> pieces(Tokenizer tokenizer, int[] ids) {
        var text = new IncrementalText(tokenizer);
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(text.add(id));
        }
        pieces.add(text.rest());
        return pieces;
    }

    /** Every prefix too: what was told by then, and what is held back. */
    private static void requireWhole(Tokenizer tokenizer, int[] ids) {
        for (int length = 0; length <= ids.length; length++) {
            int[] prefix = Arrays.copyOf(ids, length);
            assertThat(String.join("", pieces(tokenizer, prefix)))
                    .as(() -> Arrays.toString(prefix))
                    .isEqualTo(tokenizer.decode(prefix));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"é", "→", "😀", "aé→😀b", "👩🏽‍🚀 Ünïcödé 你好, 世界", "日本語\n\n", "\u0000\u007f", "�x", "é\uFFFD"})
    void pieces_are_whole_characters(String text) {
        BpeTokenizer tokenizer = tokenizer();
        int[] ids = tokenizer.encode(text);
        List<String> pieces = pieces(tokenizer, ids);
        assertThat(String.join("", pieces)).isEqualTo(text);
        for (String piece : pieces) {
            assertThat(StandardCharsets.UTF_16.newEncoder().canEncode(piece))
                    .as(piece)
                    .isTrue();
        }
        requireWhole(tokenizer, ids);
    }

    /** 😀 is four bytes, which this vocabulary has no merges for. */
    @Test
    void a_character_comes_with_its_last_byte() {
        BpeTokenizer tokenizer = tokenizer();
        int[] ids = tokenizer.encode("a😀b");
        assertThat(ids).hasSize(6);
        assertThat(pieces(tokenizer, ids)).containsExactly("a", "", "", "", "😀", "b", "");
        assertThat(pieces(tokenizer, Arrays.copyOf(ids, 3))).containsExactly("a", "", "", "\uFFFD");
    }

    @Test
    void every_prefix_of_every_case_is_whole() {
        BpeTokenizer tokenizer = tokenizer();
        for (Case one : TokenizerFolder.smallCases()) {
            if (one.ids().length <= 100) {
                requireWhole(tokenizer, one.ids());
            }
        }
    }

    /** A policy need not write UTF-8. */
    @Test
    void bytes_that_are_no_characters_come_through_in_the_end() {
        BpeTokenizer tokenizer = tokenizer();
        Random random = new Random(5);
        for (int n = 0; n < 40; n++) {
            requireWhole(tokenizer, random.ints(30, 0, 300).toArray());
            requireWhole(tokenizer, random.ints(30, 0, 1024).toArray());
        }
    }

    @Test
    void special_tokens_add_nothing() {
        assertThat(pieces(tokenizer(), new int[] {TokenizerFolder.END, 64, TokenizerFolder.END, 65}))
                .containsExactly("", "a", "", "b", "");
    }

    /** The first word of a text has no space before it, the others have: what an id adds depends on those before it. */
    @Test
    void a_decoder_that_looks_back_is_asked_for_more_than_the_last_id() {
        BpeTokenizer words = new TokenizerFolder(directory.resolve("words"))
                .tokenizer(json -> {
                    json.putArray("added_tokens");
                    json.putNull("post_processor");
                    json.putObject("pre_tokenizer")
                            .put("type", "Metaspace")
                            .put("replacement", "▁")
                            .put("prepend_scheme", "always")
                            .put("split", true);
                    json.set("decoder", json.get("pre_tokenizer"));
                    var model = json.putObject("model").put("type", "BPE").put("ignore_merges", true);
                    model.putArray("merges");
                    model.putObject("vocab").put("▁the", 0).put("▁cat", 1).put("<end>", 2);
                })
                .file("config.json", "{\"eos_token_id\": 2}")
                .read();
        assertThat(words.encode("the cat the")).containsExactly(0, 1, 0);
        assertThat(pieces(words, new int[] {0, 1, 0, 0})).containsExactly("the", " cat", " the", " the", "");
    }
}
