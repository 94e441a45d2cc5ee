// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.sextant.models.files.ModelFileException;

/**
 * A JSON object in a file, read strictly: no key twice, nothing behind it. Every complaint names the file.
 *
 * @param path of the file
 * @param root what they say
 */
record StrictJson(Path path, ObjectNode root) {
    /** Larger files are not read at all; the largest tokenizers have some 35 MiB. */
    private static final long LARGEST = 256L << 20;

    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws ModelFileException if the file is missing or holds anything but one JSON object */
    static StrictJson read(Path path) {
        byte[] bytes = bytes(path).orElseThrow(() -> ModelFileException.of("read", path, missing(path)));
        return parse(path, bytes);
    }

    /** The same; empty if there is no such file. */
    static Optional<StrictJson> readIfThere(Path path) {
        return bytes(path).map(bytes -> parse(path, bytes));
    }

    /** What is in a file; empty if there is none. */
    private static Optional<byte[]> bytes(Path path) {
        try {
            long size = Files.size(path);
            if (size > LARGEST) {
                throw new ModelFileException(
                        path + " has " + size + " bytes; files of a tokenizer may have at most " + LARGEST);
            }
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw ModelFileException.of("read", path, e);
        }
    }

    private static NoSuchFileException missing(Path path) {
        return new NoSuchFileException(path.toString());
    }

    private static StrictJson parse(Path path, byte[] bytes) {
        try {
            JsonNode tree = JSON.readTree(bytes);
            if (tree instanceof ObjectNode root) {
                return new StrictJson(path, root);
            }
            throw new ModelFileException(path + " is damaged: it is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new ModelFileException(path + " is damaged: it is not JSON: " + ModelFileException.words(e), e);
        } catch (IOException e) {
            throw ModelFileException.of("read", path, e);
        }
    }

    /** An error that names the file and the place in it. */
    ModelFileException refused(String place, JsonNode found, String allowed) {
        return refused(path, place, found, allowed);
    }

    static ModelFileException refused(Path path, String place, JsonNode found, String allowed) {
        return new ModelFileException(
                path + ": " + place + (found.isMissingNode() ? " is missing" : " is " + shortened(found.toString()))
                        + "; supported is " + allowed);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
