// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** A directory with the small tokenizer of {@code tokenizers/README.md}, changed as a test wants it. */
record TokenizerFolder(Path path) {
    static final ObjectMapper JSON = new ObjectMapper();
    static final int END = 1023;
    static final String SMALL = "tokenizer-small-1024.json";

    /** A text and the ids that it has where special tokens are not read. */
    record Case(String text, int[] ids) {}

    /** With {@code <|endoftext|>} as the end of a text. */
    static TokenizerFolder small(Path path) {
        return new TokenizerFolder(path)
                .tokenizer(json -> {})
                .file("tokenizer_config.json", "{\"eos_token\": \"<|endoftext|>\"}");
    }

    TokenizerFolder tokenizer(Consumer<ObjectNode> change) {
        try {
            ObjectNode json = (ObjectNode) JSON.readTree(resource(SMALL));
            change.accept(json);
            return file(BpeTokenizer.FILE, json.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the parts that newer tokenizers have, and some more. */
    static void withManyParts(ObjectNode json) {
        change(json, """
            {"normalizer": {"type": "Sequence", "normalizers": [
               {"type": "NFC"}, {"type": "Replace", "pattern": {"String": "¤"}, "content": "$"},
               {"type": "Strip", "strip_left": false, "strip_right": true}]},
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
               {"type": "Split", "pattern": {"Regex": "\\\\p{N}{1,3}|[^\\\\r\\\\n\\\\p{N}]+|\\\\s+"}, "behavior": "Isolated", "invert": false},
               {"type": "Digits", "individual_digits": true}, {"type": "Punctuation", "behavior": "Isolated"},
               {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
             "post_processor": {"type": "Sequence", "processors": [
               {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
               {"type": "TemplateProcessing", "single": [
                  {"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                "pair": [], "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [1023], "tokens": ["<|endoftext|>"]}}}]},
             "decoder": {"type": "Sequence", "decoders": [
               {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
               {"type": "Strip", "content": " ", "start": 1, "stop": 0}, {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true}]}}
            """);
    }

    private static void change(ObjectNode json, String parts) {
        try {
            json.setAll((ObjectNode) JSON.readTree(parts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TokenizerFolder file(String name, String text) {
        try {
            Files.createDirectories(path);
            Files.writeString(path.resolve(name), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    BpeTokenizer read() {
        return (BpeTokenizer) Tokenizers.read(path);
    }

    static byte[] resource(String name) {
        try (InputStream in = TokenizerFolder.class.getResourceAsStream("/tokenizers/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Case> smallCases() {
        return cases(new String(resource("encode_cases_small.jsonl"), StandardCharsets.UTF_8));
    }

    static List<Case> cases(String lines) {
        return lines.lines()
                .map(line -> {
                    try {
                        JsonNode one = JSON.readTree(line);
                        int[] ids = StreamSupport.stream(one.get("ids").spliterator(), false)
                                .mapToInt(JsonNode::intValue)
                                .toArray();
                        return new Case(one.get("text").textValue(), ids);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }
}
