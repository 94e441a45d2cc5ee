// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One case of a file. Readers fail with the name of the field that is missing or of the wrong form, and remember what was read, so that nothing that a case says is
 * ignored in silence.
 *
 * @param id unique in its file
 * @param method what to call ({@code kind} for models)
 * @param json the whole case
 * @param precision of the source's numbers
 * @param read fields, {@code hyper.name} and {@code metrics.name} that a replay has asked for; grows
 */
record Case(String id, String method, JsonNode json, Precision precision, Set<String> read) {
    /** Fields that describe a case. */
    private static final Set<String> DESCRIPTION = Set.of(
            "id",
            "method",
            "kind",
            "hyper",
            "metrics",
            "variant",
            "scenario",
            "level",
            "note",
            "dtype",
            "gradient_at_kink",
            "logits_shape");

    Case(String id, String method, JsonNode json, Precision precision) {
        this(id, method, json, precision, new TreeSet<>(DESCRIPTION));
    }

    boolean has(String field) {
        read.add(field);
        return json.hasNonNull(field);
    }

    /** Says that these fields, {@code hyper.name} or {@code metrics.name} have no effect on what is replayed. */
    void without(String... names) {
        read.addAll(List.of(names));
    }

    /** What the case says and no reader has asked for. */
    List<String> unread() {
        List<String> unread = new ArrayList<>();
        json.properties().forEach(field -> add(unread, "", field.getKey(), field.getValue()));
        json.path("hyper").properties().forEach(field -> add(unread, "hyper.", field.getKey(), field.getValue()));
        json.path("metrics").properties().forEach(field -> add(unread, "metrics.", field.getKey(), field.getValue()));
        return unread;
    }

    private void add(List<String> unread, String prefix, String name, JsonNode value) {
        if (!value.isNull() && !read.contains(prefix + name)) {
            unread.add(prefix + name);
        }
    }

    /** A tensor of any shape. */
    Values values(String field) {
        return Values.read(field, required("", json, field));
    }

    /** A tensor with this many dimensions. */
    Values values(String field, int dimensions) {
        return values(field).expectDimensions(field, dimensions);
    }

    double number(String field) {
        return Values.number(field, required("", json, field));
    }

    String text(String field) {
        return string(field, required("", json, field));
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        required("", json, field).forEach(node -> texts.add(node.asText()));
        return texts;
    }

    /** Whether the source logged a value under this name. */
    boolean hasMetric(String name) {
        read.add("metrics." + name);
        return json.path("metrics").hasNonNull(name);
    }

    double metric(String name) {
        return Values.number("metrics." + name, required("metrics.", json.path("metrics"), name));
    }

    // ---- hyper-parameters
    // --------------------------------------------------------------------------------------------

    boolean hasHyper(String name) {
        read.add("hyper." + name);
        return json.path("hyper").hasNonNull(name);
    }

    double hyper(String name) {
        return Values.number("hyper." + name, required("hyper.", json.path("hyper"), name));
    }

    double hyper(String name, double absent) {
        return hasHyper(name) ? hyper(name) : absent;
    }

    String hyperText(String name) {
        return string("hyper." + name, required("hyper.", json.path("hyper"), name));
    }

    String hyperText(String name, String absent) {
        return hasHyper(name) ? hyperText(name) : absent;
    }

    boolean hyperFlag(String name, boolean absent) {
        return hasHyper(name) ? json.path("hyper").path(name).asBoolean() : absent;
    }

    Values hyperValues(String name) {
        return Values.read("hyper." + name, required("hyper.", json.path("hyper"), name));
    }

    List<String> hyperTexts(String name) {
        List<String> texts = new ArrayList<>();
        required("hyper.", json.path("hyper"), name).forEach(node -> texts.add(node.asText()));
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

    private JsonNode required(String prefix, JsonNode object, String field) {
        read.add(prefix + field);
        JsonNode node = object.get(field);
        if (node == null || node.isNull()) {
            throw new IllegalArgumentException("field '" + prefix + field + "' is missing");
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
