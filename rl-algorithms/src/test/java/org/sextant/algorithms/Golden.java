// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.sextant.api.experience.Layout;

/** A case of a golden file: see README.md beside the files. */
public record Golden(JsonNode node) {
    /** The cases of a method; never none. */
    public static Stream<Golden> cases(String file, String method) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
            JsonNode cases = new ObjectMapper().readTree(in).get("cases");
            var chosen = StreamSupport.stream(cases.spliterator(), false)
                    .filter(c -> c.get("method").asText().equals(method))
                    .map(Golden::new)
                    .toList();
            if (chosen.isEmpty()) {
                throw new IllegalStateException(file + " has no case of " + method);
            }
            return chosen.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    public double number(String field) {
        return node.get(field).asDouble();
    }

    public String text(String field) {
        return node.get(field).asText();
    }

    public JsonNode hyper(String key) {
        return node.get("hyper").path(key);
    }

    public double metric(String key) {
        return node.get("metrics").get(key).asDouble();
    }

    public boolean hasMetric(String key) {
        return node.get("metrics").has(key);
    }

    public int rows(String field) {
        return node.get(field).size();
    }

    /** A list or a list of lists, row after row. */
    public double[] numbers(String field) {
        return flat(node.get(field)).toArray();
    }

    private static DoubleStream flat(JsonNode value) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false).flatMapToDouble(Golden::flat);
        }
        return DoubleStream.of(value.isTextual() ? Double.parseDouble(value.asText()) : value.asDouble());
    }

    public boolean[] mask(String field) {
        double[] numbers = numbers(field);
        boolean[] mask = new boolean[numbers.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = numbers[i] != 0;
        }
        return mask;
    }

    /** Padded rows as rows of equal length; the mask tells what counts. */
    public Layout layout(String field) {
        int[] lengths = new int[rows(field)];
        Arrays.fill(lengths, node.get(field).get(0).size());
        return Layout.ofLengths(lengths);
    }

    /** Group numbers of strings. */
    public int[] groups(String field) {
        var names = StreamSupport.stream(node.get(field).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        return names.stream().mapToInt(names::indexOf).toArray();
    }

    @Override
    public String toString() {
        return text("id");
    }
}
