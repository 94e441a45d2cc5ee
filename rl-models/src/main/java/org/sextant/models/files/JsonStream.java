// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * JSON of a model file, read from front to back: no tree is built, so that memory stays in proportion to what the reader keeps. Strict: one
 * value in UTF-8, no name twice in an object, nesting and lengths within Jackson's limits.
 */
final class JsonStream {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names come from the file: none of them is worth a place in a table of the whole program.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final JsonParser parser;

    /** What reads a value, the first token of which is the current one, to its last token. */
    @FunctionalInterface
    interface Value {
        void read(JsonStream json) throws IOException;
    }

    /** What reads the value of a field in the same way. */
    @FunctionalInterface
    interface Field {
        void read(String name) throws IOException;
    }

    private JsonStream(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Reads a whole text.
     *
     * @param damaged makes the exception for a text that is not such JSON
     */
    static void read(byte[] utf8, Function<String, ModelFileException> damaged, Value root) {
        var reader = new InputStreamReader(new ByteArrayInputStream(utf8), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(reader)) {
            try {
                read(parser, damaged, root);
            } catch (JsonProcessingException e) {
                throw caused(damaged.apply("not JSON: " + ModelFileException.words(e, parser)), e);
            }
        } catch (CharacterCodingException e) {
            throw caused(damaged.apply("not JSON: it is not encoded in UTF-8"), e);
        } catch (IOException e) {
            throw caused(damaged.apply("not JSON: " + e.getMessage()), e);
        }
    }

    private static void read(JsonParser parser, Function<String, ModelFileException> damaged, Value root)
            throws IOException {
        JsonStream json = new JsonStream(parser);
        if (parser.nextToken() == null) {
            throw damaged.apply("not JSON: it is empty");
        }
        root.read(json);
        if (parser.nextToken() != null) {
            throw damaged.apply("not JSON: something follows the end of its first value");
        }
    }

    private static ModelFileException caused(ModelFileException exception, Throwable cause) {
        exception.initCause(cause);
        return exception;
    }

    boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    boolean isList() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    /** Reads the fields of the current value, an object. */
    void object(Field field) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            field.read(name);
        }
    }

    /** Reads the elements of the current value, a list. */
    void list(Value element) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            element.read(this);
        }
    }

    /** Passes over the current value. */
    void skip() throws IOException {
        parser.skipChildren();
    }

    /** The current value if it is a text, else null. */
    String textOrNull() throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    }

    /** The current value if it is a whole number from 0 to 2^63 − 1, else −1. */
    long lengthOrMinusOne() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return -1;
        }
        return Math.max(parser.getLongValue(), -1);
    }

    /** The current value for a message. */
    String shown() throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "\"" + Shown.text(parser.getText()) + "\"";
            default -> Shown.text(parser.getText());
        };
    }
}
