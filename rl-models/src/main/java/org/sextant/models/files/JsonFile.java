// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A JSON object in a file beside a model's weights, read strictly: UTF-8, no key twice, nothing behind it. Errors name the file and the key. A key
 * that is null is as one that is absent.
 */
public final class JsonFile {
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    /** More is no configuration. */
    private static final int MOST_BYTES = 4 << 20;

    private final Path path;
    private final String place;
    private final JsonNode root;

    private JsonFile(Path path, String place, JsonNode root) {
        this.path = path;
        this.place = place;
        this.root = root;
    }

    /** @throws ModelFileException if it is missing, is no regular file, or is not a JSON object */
    public static JsonFile read(Path path) {
        return read(path, MOST_BYTES);
    }

    /** The same for a file that may have so many bytes. */
    public static JsonFile read(Path path, int mostBytes) {
        return parse(path, RegularFile.bytes(path, mostBytes));
    }

    /** The same; empty if there is no such file. */
    public static Optional<JsonFile> readIfThere(Path path) {
        return Files.exists(path) ? Optional.of(read(path)) : Optional.empty();
    }

    /** @param path where the bytes are from */
    static JsonFile parse(Path path, byte[] bytes) {
        // From characters, because from bytes other encodings than UTF-8 are let in.
        var reader = new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = JSON.createParser(reader)) {
            return new JsonFile(path, "", root(path, parser));
        } catch (CharacterCodingException e) {
            throw new ModelFileException(path + " is damaged: it is not JSON: it is not encoded in UTF-8", e);
        } catch (IOException e) {
            throw ModelFileException.of("read", path, e);
        }
    }

    private static JsonNode root(Path path, JsonParser parser) throws IOException {
        try {
            JsonNode root = JSON.readTree(parser);
            if (root == null || !root.isObject()) {
                throw new ModelFileException(path + " is damaged: it is not a JSON object");
            }
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows the end of the object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new ModelFileException(
                    path + " is damaged: it is not JSON: " + ModelFileException.words(e, parser), e);
        }
    }

    /** What a file says that is about to be written. */
    static JsonFile of(Path path, ObjectNode root) {
        return new JsonFile(path, "", root);
    }

    public Path path() {
        return path;
    }

    /** What the file says. */
    public JsonNode root() {
        return root;
    }

    /** A copy of what the file says. */
    public ObjectNode copy() {
        return root.deepCopy();
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
        return new JsonFile(path, place + key + ".", has(key) ? found : PrettyJson.object());
    }

    /** An error that names the file, the place in it, what was found, and what is allowed. */
    public ModelFileException refused(String key, Object found, String allowed) {
        boolean missing = found instanceof JsonNode node && node.isMissingNode();
        return new ModelFileException(path + ": " + place + Shown.text(key)
                + (missing ? " is missing" : " is " + Shown.text(found.toString())) + "; supported is " + allowed);
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

    /** Refuses keys that say something and are not among those that are understood. */
    void refuseAllBut(Set<String> understood) {
        for (String key : (Iterable<String>) root::fieldNames) {
            if (!understood.contains(key) && has(key)) {
                throw refused(key, at(key), "none; understood are " + new TreeSet<>(understood));
            }
        }
    }

    /** Refuses anything but this text; absent is well. */
    void requireText(String key, String allowed) {
        if (has(key) && !allowed.equals(at(key).textValue())) {
            throw refused(key, at(key), "\"" + allowed + "\"");
        }
    }

    /** Refuses any text, number, or true or false but these; absent is well. */
    void requireAmong(String key, List<String> allowed) {
        if (has(key) && !allowed.contains(at(key).asText())) {
            throw refused(key, at(key), String.join(", ", allowed));
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

    /** A whole number from 1 to {@code most}. */
    int size(String key, int most) {
        return size(key, most, integer(key));
    }

    /** The same; absent it is {@code otherwise}. */
    int size(String key, int most, int otherwise) {
        int found = integer(key, otherwise);
        if (found < 1 || found > most) {
            throw refused(key, found, "a whole number from 1 to " + most);
        }
        return found;
    }

    /** Ids of a vocabulary, of a list or the only one; none if the key is absent. */
    List<Integer> ids(String key, int vocabulary) {
        List<Integer> ids = integers(key);
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw refused(key, id, "ids of the vocabulary, 0 to " + (vocabulary - 1));
            }
        }
        return ids;
    }

    double positive(String key) {
        return need(key, has(key) ? positive(key, 0) : null);
    }

    double positive(String key, double otherwise) {
        double found = decimal(key, otherwise);
        if (!(found > 0)) {
            throw refused(key, found, "a number above 0");
        }
        return found;
    }

    double decimal(String key, double otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!at(key).isNumber() || !Double.isFinite(at(key).doubleValue())) {
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

    String text(String key, String otherwise) {
        return has(key) ? text(key, at(key)) : otherwise;
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
