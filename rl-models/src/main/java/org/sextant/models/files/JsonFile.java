// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A JSON object in a file beside a model's weights, read with errors that name the file and the key. A key that is null is as one that is absent. */
final class JsonFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** More is no configuration. */
    private static final long MOST_BYTES = 16 << 20;

    private final Path path;
    private final String place;
    private final JsonNode root;

    private JsonFile(Path path, String place, JsonNode root) {
        this.path = path;
        this.place = place;
        this.root = root;
    }

    /** @throws ModelFileException if it is missing or is not a JSON object */
    static JsonFile read(Path path) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new ModelFileException(
                        path + " has " + Files.size(path) + " bytes; a configuration has less than " + MOST_BYTES);
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(path));
            if (!root.isObject()) {
                throw new ModelFileException(path + " is not a JSON object");
            }
            return new JsonFile(path, "", root);
        } catch (JsonProcessingException e) {
            throw new ModelFileException(path + " is not JSON: " + ModelFileException.words(e), e);
        } catch (IOException e) {
            throw ModelFileException.of("read", path, e);
        }
    }

    /** An object to be filled and {@link #write written}. */
    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Writes the file completely or not at all, laid out as {@code transformers} does. */
    static void write(Path path, ObjectNode root) {
        Separators colon = Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
        try {
            WholeFile.writeText(
                    path, JSON.writer(new DefaultPrettyPrinter(colon)).writeValueAsString(root) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
        }
    }

    /** Runs what makes sense of the file; its {@link IllegalArgumentException} becomes the file's. */
    <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (ModelFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(path + ": " + e.getMessage(), e);
        }
    }

    private JsonNode at(String key) {
        return root.path(key);
    }

    boolean has(String key) {
        return root.hasNonNull(key);
    }

    /** The object under a key; empty if there is none. */
    JsonFile block(String key) {
        JsonNode found = at(key);
        if (has(key) && !found.isObject()) {
            throw refused(key, found, "an object");
        }
        return new JsonFile(path, place + key + ".", has(key) ? found : JSON.createObjectNode());
    }

    ModelFileException refused(String key, Object found, String allowed) {
        return new ModelFileException(path + ": " + place + key + " is " + found + "; supported is " + allowed);
    }

    /** Refuses a key that says anything: not null, false, or empty. */
    void refuse(String key) {
        JsonNode found = at(key);
        boolean silent =
                !has(key) || found.isContainerNode() && found.isEmpty() || found.isBoolean() && !found.booleanValue();
        if (!silent) {
            throw refused(key, found, "none");
        }
    }

    /** Refuses anything but this text; absent is well. */
    void requireText(String key, String allowed) {
        if (has(key) && !allowed.equals(at(key).textValue())) {
            throw refused(key, at(key), "\"" + allowed + "\"");
        }
    }

    private <T> T need(String key, T found) {
        if (found == null) {
            throw new ModelFileException(path + " lacks " + place + key);
        }
        return found;
    }

    int integer(String key) {
        return need(key, has(key) ? integer(key, 0) : null);
    }

    int integer(String key, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        return integer(key, at(key));
    }

    private int integer(String key, JsonNode found) {
        if (!found.isIntegralNumber() || !found.canConvertToInt()) {
            throw refused(key, found, "a whole number");
        }
        return found.intValue();
    }

    double decimal(String key) {
        return need(key, has(key) ? decimal(key, 0) : null);
    }

    double decimal(String key, double otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!at(key).isNumber()) {
            throw refused(key, at(key), "a number");
        }
        return at(key).doubleValue();
    }

    boolean bool(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!at(key).isBoolean()) {
            throw refused(key, at(key), "true or false");
        }
        return at(key).booleanValue();
    }

    String text(String key) {
        return need(key, has(key) ? text(key, at(key)) : null);
    }

    private String text(String key, JsonNode found) {
        if (!found.isTextual()) {
            throw refused(key, found, "a text");
        }
        return found.textValue();
    }

    /** Texts of a list, or the only one; none if the key is absent. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        elements(key).forEach(found -> texts.add(text(key, found)));
        return texts;
    }

    /** Whole numbers of a list, or the only one; none if the key is absent. */
    List<Integer> integers(String key) {
        List<Integer> numbers = new ArrayList<>();
        elements(key).forEach(found -> numbers.add(integer(key, found)));
        return numbers;
    }

    private Iterable<JsonNode> elements(String key) {
        if (!has(key)) {
            return List.of();
        }
        return at(key).isArray() ? at(key) : List.of(at(key));
    }
}
