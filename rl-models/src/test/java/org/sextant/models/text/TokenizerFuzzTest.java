// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.files.Fuzz;

/** Shares {@code -Dfuzz.mutants} and {@code -Dfuzz.seed} with the fuzz test of the other files. A crash of the library ends this process too. */
@Tag("slow")
@DisplayName("Damaged tokenizers are refused with the file and the place, and do not end the process")
class TokenizerFuzzTest {
    private static final int MUTANTS = Integer.getInteger("fuzz.mutants", 6000) / 6;
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    @TempDir
    Path directory;

    /** Reads the tokenizer and uses all of it: some damages show only then. */
    private static void use(Path folder) {
        ModelTokenizer tokenizer = Tokenizers.read(folder);
        int last = Math.min(1000, tokenizer.vocabularySize() - 1);
        tokenizer.decode(new int[] {0, last});
        tokenizer.decode(tokenizer.encodePrompt("Hello  world 12 <|endoftext|> <tool> x 😀é\n\n"));
        tokenizer.encodePrompt("");
    }

    private void fuzz(String file, int mutants) throws IOException {
        Fuzz.Report report =
                Fuzz.text(file, directory, file, TokenizerFuzzTest::use).run(SEED, mutants);
        System.out.printf(
                "%s: %d read, %d refused, at most %d kB allocated%n",
                report.target(), report.read(), report.refused(), report.mostBytes() / 1000);
        assertThat(report.findings()).isEmpty();
        assertThat(report.refused()).as("a fuzzer that damages").isGreaterThan(mutants / 4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tokenizerJson(boolean manyParts) throws IOException {
        TokenizerFolder.small(directory).tokenizer(manyParts ? TokenizerFolder::withManyParts : json -> {});
        fuzz("tokenizer.json", MUTANTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer_config.json", "generation_config.json", "special_tokens_map.json"})
    void theFilesBesideIt(String file) throws IOException {
        TokenizerFolder.small(directory)
                .file(
                        "tokenizer_config.json",
                        "{\"eos_token\": {\"content\": \"a\"}, \"bos_token\": \"b\", \"add_bos_token\": true}")
                .file("generation_config.json", "{\"eos_token_id\": [7, 9], \"temperature\": 0.6}")
                .file("special_tokens_map.json", "{\"eos_token\": \"a\", \"bos_token\": {\"content\": \"b\"}}");
        fuzz(file, MUTANTS / 3);
    }

    /** Ends of text are looked up where the adapter says that its model is. */
    @Test
    void adapter() throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        TokenizerFolder.small(directory).file("adapter_config.json", """
                        {"base_model_name_or_path": "BASE", "bias": "none", "lora_alpha": 8, "modules_to_save": null,
                         "peft_type": "LORA", "r": 4, "target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM"}
                        """.replace("BASE", model.toString()));
        new TokenizerFolder(model).file("config.json", "{\"eos_token_id\": [7, 9]}");
        fuzz("adapter_config.json", MUTANTS / 3);
    }

    @Test
    void characters() throws IOException {
        CharacterTokenizer.of("0123456789+= Helowrd<|nftx>😀é\n").save(directory);
        Fuzz.Report report = Fuzz.text("characters", directory, CharacterTokenizer.FILE, Tokenizers::read)
                .run(SEED, MUTANTS / 3);
        assertThat(report.findings()).isEmpty();
    }
}
