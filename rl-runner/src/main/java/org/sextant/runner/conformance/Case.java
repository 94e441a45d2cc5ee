// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One case of a file. Readers fail with the name of the field that is missing or of the wrong form.
 *
 * @param id unique in its file
 * @param method what to call ({@code kind} for models)
 * @param json the whole case
 * @param precision of the source's numbers
 */
record Case(String id, String method, JsonNode json, Precision precision) {
    boolean has(String field) {
        return json.hasNonNull(field);
    }

    /** A tensor of any shape. */
    Values values(String field) {
        return Values.read(field, required(json, field));
    }

    /** A tensor with this many dimensions. */
    Values values(String field, int dimensions) {
        return values(field).expectDimensions(field, dimensions);
    }

    double number(String field) {
        return Values.number(field, required(json, field));
    }

    String text(String field) {
        return string(field, required(json, field));
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        required(json, field).forEach(node -> texts.add(node.asText()));
        return texts;
    }

    /** {@code logged} values, by the name that the source gives them; empty where there are none. */
    JsonNode metrics() {
        return json.path("metrics");
    }

    // ---- hyper-parameters
    // --------------------------------------------------------------------------------------------

    boolean hasHyper(String name) {
        return json.path("hyper").hasNonNull(name);
    }

    double hyper(String name) {
        return Values.number("hyper." + name, required(json.path("hyper"), name));
    }

    double hyper(String name, double absent) {
        return hasHyper(name) ? hyper(name) : absent;
    }

    String hyperText(String name) {
        return string("hyper." + name, required(json.path("hyper"), name));
    }

    String hyperText(String name, String absent) {
        return hasHyper(name) ? hyperText(name) : absent;
    }

    boolean hyperFlag(String name, boolean absent) {
        return hasHyper(name) ? json.path("hyper").path(name).asBoolean() : absent;
    }

    Values hyperValues(String name) {
        return Values.read("hyper." + name, required(json.path("hyper"), name));
    }

    List<String> hyperTexts(String name) {
        List<String> texts = new ArrayList<>();
        required(json.path("hyper"), name).forEach(node -> texts.add(node.asText()));
        return texts;
    }

    /** Scenarios with huge numbers, where float arithmetic can only be compared relatively. */
    boolean largeNumbers() {
        String words = id + " " + json.path("scenario").asText();
        return words.contains("large_")
                || words.contains("extreme")
                || words.contains("big_kl")
                || words.contains("offset");
    }

    /** The case sits exactly on a corner of a clamp: its gradient is a convention. */
    boolean gradientAtKink() {
        return json.path("gradient_at_kink").asBoolean();
    }

    private static JsonNode required(JsonNode object, String field) {
        JsonNode node = object.get(field);
        if (node == null || node.isNull()) {
            throw new IllegalArgumentException("field '" + field + "' is missing");
        }
        return node;
    }

    private static String string(String field, JsonNode node) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException("field '" + field + "': a text is expected; found " + node);
        }
        return node.textValue();
    }
}
