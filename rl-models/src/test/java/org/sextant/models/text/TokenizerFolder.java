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
