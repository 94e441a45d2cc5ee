// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.models.files.ModelFileException;

/** Damaged and unsupported {@code tokenizer.json}: the library behind it would end the process over some of these. */
class TokenizerJsonTest {
    @TempDir
    Path directory;

    private void set(ObjectNode json, String pointer, String value) {
        JsonPointer at = JsonPointer.compile(pointer);
        JsonNode parent = json.at(at.head());
        try {
            JsonNode node = TokenizerFolder.JSON.readTree(value);
            if (parent instanceof ObjectNode object) {
                object.set(at.last().getMatchingProperty(), node);
            } else {
                ((ArrayNode) parent).set(at.last().getMatchingIndex(), node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/model | 5 | model.vocab is missing",
                "/model/type | \"Unigram\" | model.type is \"Unigram\"; supported is \"BPE\"",
                "/model/dropout | 0.1 | model.dropout is 0.1",
                "/model/novel | true | model.novel is true; supported is a model without it",
                "/model/continuing_subword_prefix | \"##\" | model.continuing_subword_prefix is \"##\"",
                "/model/unk_token | \"<unk>\" | model.unk_token is \"<unk>\"; supported is a piece of model.vocab",
                "/model/vocab | {} | model.vocab is {}",
                "/model/vocab/he | -1 | model.vocab[\"he\"] is -1; supported is an id",
                "/model/vocab/he | 2147483647 | model.vocab[\"he\"] is 2147483647",
                "/model/vocab/he | 12 | supported is an id of its own",
                "/model/merges | {} | model.merges is {}; supported is a list of pairs",
                "/model/merges/7 | \"abc\" | model.merges[7] is \"abc\"; supported is two pieces",
                "/model/merges/7 | [\"a\", 5] | model.merges[7] is",
                "/model/merges/7 | \"q q\" | pieces of model.vocab, which lacks \"qq\"",
                "/added_tokens/0/id | 1030 | added_tokens[0].id is 1030; supported is 1023 for \"<|endoftext|>\"",
                "/added_tokens/0/content | \"\" | added_tokens[0].content is \"\"",
                "/added_tokens/0/special | 1 | added_tokens[0].special is 1; supported is true or false",
                "/normalizer | {\"type\": \"Precompiled\"} | normalizer.type is \"Precompiled\"; supported is one of",
                "/pre_tokenizer/type | \"Magic\" | pre_tokenizer.type is \"Magic\"",
                "/pre_tokenizer | {\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": 3}]} | pre_tokenizer.pretokenizers[0].type is 3",
                "/decoder/type | \"WordPiece\" | decoder.type is \"WordPiece\"",
                "/decoder | {\"type\": \"Sequence\"} | decoder.decoders is missing; supported is a list",
                "/post_processor | {\"type\": \"RobertaProcessing\"} | post_processor.type is \"RobertaProcessing\"",
                "/post_processor | {\"type\": \"TemplateProcessing\"} | post_processor.single is missing",
                "/post_processor | {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"<s>\"}}]} | known SpecialToken",
                "/pre_tokenizer | {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}, \"behavior\": \"Isolated\", \"invert\": false} | is damaged: ",
            })
    void is_refused_with_its_place(String pointer, String value, String message) {
        TokenizerFolder folder = TokenizerFolder.small(directory).tokenizer(json -> set(json, pointer, value));
        assertThatThrownBy(folder::read)
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(directory.resolve("tokenizer.json").toString())
                .hasMessageContaining(message);
    }

    @Test
    void nothing_of_a_file_reaches_the_terminal_raw() {
        TokenizerFolder twice = TokenizerFolder.small(directory)
                .tokenizer(json -> ((ObjectNode) json.at("/model/vocab"))
                        .put("\u001b[2J" + "x".repeat(1000), 9000)
                        .put("\u202e\u0007", 9000));
        assertThatThrownBy(twice::read)
                .hasMessageContaining("\\u202e\\u0007")
                .hasMessageContaining("\\u001b[2Jxxx")
                .satisfies(TokenizerJsonTest::isPlain);
        TokenizerFolder unknown = TokenizerFolder.small(directory)
                .tokenizer(json -> ((ArrayNode) json.at("/model/merges")).add("\u001b[2J a"));
        assertThatThrownBy(unknown::read).hasMessageContaining("\\u001b[2J").satisfies(TokenizerJsonTest::isPlain);
        TokenizerFolder key = TokenizerFolder.small(directory)
                .tokenizer(json -> ((ObjectNode) json.at("/model")).put("\u001b]0;title\u0007", true));
        assertThatThrownBy(key::read).hasMessageContaining("\\u001b]0;title").satisfies(TokenizerJsonTest::isPlain);
    }

    private static void isPlain(Throwable thrown) {
        assertThat(thrown).isInstanceOf(ModelFileException.class);
        assertThat(thrown.getMessage()).hasSizeLessThan(1000);
        assertThat(thrown.getMessage().chars())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }

    @Test
    void bytes_that_are_no_utf_8() throws IOException {
        TokenizerFolder folder = TokenizerFolder.small(directory);
        Files.write(directory.resolve("tokenizer.json"), "{\"é\":1}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(folder::read).hasMessageContaining("tokenizer.json is damaged: it is not JSON");
    }

    @Test
    void a_byte_without_a_piece_is_missed() {
        TokenizerFolder folder = TokenizerFolder.small(directory).tokenizer(json -> {
            ((ObjectNode) json.at("/model")).putArray("merges");
            ((ObjectNode) json.at("/model/vocab")).remove("Ġ");
        });
        assertThatThrownBy(folder::read).hasMessageContaining("model.vocab lacks \"Ġ\", the piece of byte 0x20");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | it is not a JSON object",
                "{\"model\" | it is not JSON",
                "[] | it is not a JSON object",
                "{} {} | it is not JSON"
            })
    void is_no_json(String text, String message) {
        TokenizerFolder folder = TokenizerFolder.small(directory).file("tokenizer.json", text);
        assertThatThrownBy(folder::read)
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("tokenizer.json is damaged: " + message);
    }
}
