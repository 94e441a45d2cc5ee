// SPDX-License-Identifier: Apache-2.0
package org.sextant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One case of a file of numbers that other people's code computed; see {@code golden/README.md} beside the files. */
public record Golden(JsonNode json) {
    /** All cases of a file. */
    public static List<Golden> cases(String file) {
        try (InputStream in = Golden.class.getResourceAsStream("golden/" + file)) {
            return StreamSupport.stream(
                            new ObjectMapper().readTree(in).get("cases").spliterator(), false)
                    .map(Golden::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String method() {
        return json.get("method").asText();
    }

    public double number(String field) {
        return json.get(field).asDouble();
    }

    public double hyper(String field) {
        return json.get("hyper").get(field).asDouble();
    }

    /** A tensor of any shape, flat, in row-major order. */
    public double[] flat(String field) {
        return leaves(json.get(field)).toArray();
    }

    /** The last axis of a tensor as rows. */
    public double[][] rows(String field) {
        return lastAxis(json.get(field)).map(row -> leaves(row).toArray()).toArray(double[][]::new);
    }

    private static Stream<JsonNode> lastAxis(JsonNode tensor) {
        return tensor.get(0).isArray()
                ? StreamSupport.stream(tensor.spliterator(), false).flatMap(Golden::lastAxis)
                : Stream.of(tensor);
    }

    private static DoubleStream leaves(JsonNode tensor) {
        return tensor.isArray()
                ? StreamSupport.stream(tensor.spliterator(), false).flatMapToDouble(Golden::leaves)
                : DoubleStream.of(tensor.asDouble());
    }

    /** A 0/1 tensor as flags. */
    public boolean[] mask(String field) {
        double[] numbers = flat(field);
        boolean[] mask = new boolean[numbers.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = numbers[i] != 0;
        }
        return mask;
    }

    @Override
    public String toString() {
        return json.get("id").asText();
    }
}
