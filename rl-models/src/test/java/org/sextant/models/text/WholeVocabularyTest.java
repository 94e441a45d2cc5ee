// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.text.TokenizerFolder.Case;

/** GPT-2's whole vocabulary, and the patterns that newer tokenizers split with, where those files lie beside the checkout. */
class WholeVocabularyTest {
    private static final Path FILES =
            Path.of("../../shared/data/tokenizers").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    private static String text(String name) throws IOException {
        assumeTrue(Files.exists(FILES.resolve(name)), "no " + FILES.resolve(name));
        return Files.readString(FILES.resolve(name));
    }

    @Test
    void ids_are_those_of_gpt2s_own_encoder() throws IOException {
        String special = "<|endoftext|>";
        BpeTokenizer tokenizer = new TokenizerFolder(directory)
                .file("tokenizer.json", text("gpt2/tokenizer.json"))
                .file("config.json", "{\"eos_token_id\": 50256, \"bos_token_id\": 50256}")
                .read();
        assertThat(tokenizer.vocabularySize()).isEqualTo(50_257);
        assertThat(tokenizer.bos()).isEmpty();
        List<Case> cases = TokenizerFolder.cases(text("gpt2/encode_cases.jsonl"));
        assertThat(cases).hasSizeGreaterThan(300);
        for (Case one : cases) {
            if (!one.text().contains(special)) {
                assertThat(tokenizer.encodePrompt(one.text())).as(one.text()).isEqualTo(one.ids());
            }
            assertThat(tokenizer.decode(one.ids())).isEqualTo(one.text());
            var increments = new IncrementalText(tokenizer);
            StringBuilder grown = new StringBuilder();
            IntStream.of(one.ids()).forEach(id -> grown.append(increments.add(id)));
            assertThat(grown + increments.rest()).isEqualTo(one.text());
        }
        assertThat(tokenizer.encode("a" + special)).containsExactly(64, 50_256);
    }

    /** A tokenizer whose pieces are those that the pattern should find: it makes exactly them of the text. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama3", "qwen2"})
    void texts_are_split_as_the_pattern_says(String pattern) throws IOException {
        int cases = 0;
        for (String line : text("pretokenize_cases.jsonl").lines().toList()) {
            JsonNode one = TokenizerFolder.JSON.readTree(line);
            if (one.get("pattern_name").textValue().equals(pattern)) {
                List<String> expected = new ArrayList<>();
                one.get("pieces").forEach(piece -> expected.add(piece.textValue()));
                assertThat(split(one.get("text").textValue(), one.get("pattern").textValue(), expected))
                        .isEqualTo(expected);
                cases++;
            }
        }
        assertThat(cases).isGreaterThan(50);
    }

    private List<String> split(String text, String pattern, List<String> pieces) {
        Map<String, Integer> ids = new LinkedHashMap<>(Map.of("<end>", 0));
        pieces.forEach(piece -> ids.putIfAbsent(piece, ids.size()));
        BpeTokenizer tokenizer = new TokenizerFolder(directory)
                .tokenizer(json -> splitting(json, pattern, ids))
                .file("config.json", "{\"eos_token_id\": 0}")
                .read();
        List<String> byId = List.copyOf(ids.keySet());
        return IntStream.of(tokenizer.encode(text)).mapToObj(byId::get).toList();
    }

    private static void splitting(ObjectNode json, String pattern, Map<String, Integer> ids) {
        json.putArray("added_tokens");
        json.putNull("post_processor");
        ObjectNode split = json.putObject("pre_tokenizer").put("type", "Split");
        split.put("behavior", "Isolated")
                .put("invert", false)
                .putObject("pattern")
                .put("Regex", pattern);
        json.putNull("decoder");
        ObjectNode model = json.putObject("model").put("type", "BPE").put("ignore_merges", true);
        model.putArray("merges");
        ObjectNode vocabulary = model.putObject("vocab");
        ids.forEach(vocabulary::put);
    }
}
