// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.sextant.api.state.StateMap;

/**
 * Saved state as JSON that keeps every bit: a value is a pair of its type and its text, doubles in hexadecimal, so that NaN, −0 and the last bit
 * survive.
 */
public final class StateJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StateJson() {}

    public static void write(StateMap state, Path file) throws IOException {
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree(state)));
    }

    public static StateMap read(Path file) throws IOException {
        return map(JSON.readTree(file.toFile()), file);
    }

    private static ObjectNode tree(StateMap state) {
        ObjectNode node = JSON.createObjectNode();
        state.entries().forEach((key, value) -> {
            switch (value) {
                case Long v -> node.putArray(key).add("long").add(Long.toString(v));
                case Double v -> node.putArray(key).add("double").add(Double.toHexString(v));
                case String v -> node.putArray(key).add("text").add(v);
                case double[] v -> {
                    ArrayNode all = node.putArray(key).add("doubles");
                    for (double d : v) {
                        all.add(Double.toHexString(d));
                    }
                }
                case long[] v -> {
                    ArrayNode all = node.putArray(key).add("longs");
                    for (long l : v) {
                        all.add(Long.toString(l));
                    }
                }
                case StateMap v -> node.set(key, tree(v));
                default -> throw new IllegalStateException("state '" + key + "' is a " + value.getClass());
            }
        });
        return node;
    }

    private static StateMap map(JsonNode node, Path file) {
        StateMap state = new StateMap();
        fill(state, node, file);
        return state;
    }

    private static void fill(StateMap state, JsonNode node, Path file) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            put(state, entry.getKey(), entry.getValue(), file);
        }
    }

    private static void put(StateMap state, String key, JsonNode value, Path file) {
        if (value.isObject()) {
            fill(state.nested(key), value, file);
            return;
        }
        String type = value.path(0).asText();
        switch (type) {
            case "long" -> state.put(key, Long.parseLong(value.get(1).asText()));
            case "double" -> state.put(key, Double.parseDouble(value.get(1).asText()));
            case "text" -> state.put(key, value.get(1).asText());
            case "doubles" -> {
                double[] all = new double[value.size() - 1];
                for (int i = 0; i < all.length; i++) {
                    all[i] = Double.parseDouble(value.get(i + 1).asText());
                }
                state.put(key, all);
            }
            case "longs" -> {
                long[] all = new long[value.size() - 1];
                for (int i = 0; i < all.length; i++) {
                    all[i] = Long.parseLong(value.get(i + 1).asText());
                }
                state.put(key, all);
            }
            default -> throw new IllegalStateException(file + ": '" + key + "' has the unknown type '" + type + "'");
        }
    }
}
