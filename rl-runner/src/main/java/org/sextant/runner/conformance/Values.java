// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A tensor of a case: nested lists of numbers, flattened row by row. Rows of unequal length are an error.
 *
 * @param shape lengths from the outside in; empty for a single number
 * @param flat the numbers
 */
record Values(int[] shape, double[] flat) {
    static Values read(String field, JsonNode node) {
        List<Integer> shape = new ArrayList<>();
        for (JsonNode at = node; at.isArray(); at = at.path(0)) {
            shape.add(at.size());
        }
        int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
        int size = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        double[] flat = new double[size];
        int read = fill(field, node, sizes, 0, flat, 0);
        if (read != size) {
            throw new IllegalArgumentException(
                    "field '" + field + "': " + read + " numbers where " + size + " were announced");
        }
        return new Values(sizes, flat);
    }

    private static int fill(String field, JsonNode node, int[] shape, int depth, double[] flat, int at) {
        if (depth == shape.length) {
            flat[at] = number(field, node);
            return at + 1;
        }
        if (!node.isArray() || node.size() != shape[depth]) {
            throw new IllegalArgumentException("field '" + field
                    + "': lists of unequal length, or a number beside a list; found " + shorten(node));
        }
        int next = at;
        for (JsonNode child : node) {
            next = fill(field, child, shape, depth + 1, flat, next);
        }
        return next;
    }

    static double number(String field, JsonNode node) {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return switch (node.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default ->
                throw new IllegalArgumentException("field '" + field + "': a number, \"NaN\", \"Infinity\" or "
                        + "\"-Infinity\" is expected; found " + shorten(node));
        };
    }

    private static String shorten(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    int dimension(int axis) {
        return shape[axis];
    }

    int dimensions() {
        return shape.length;
    }

    /** These numbers, if they have as many dimensions as the caller is going to use. */
    Values expectDimensions(String field, int count) {
        if (shape.length != count) {
            throw new IllegalArgumentException("field '" + field + "' has shape " + Arrays.toString(shape) + "; "
                    + count + " dimensions are expected");
        }
        return this;
    }

    /** 0/1 numbers as flags. */
    boolean[] flags() {
        boolean[] flags = new boolean[flat.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = flat[i] != 0;
        }
        return flags;
    }

    int[] ints() {
        return Arrays.stream(flat).mapToInt(v -> (int) v).toArray();
    }

    /** The numbers of the {@code i}-th entry along the first axis. */
    double[] row(int i) {
        int width = shape[0] == 0 ? 0 : flat.length / shape[0];
        return Arrays.copyOfRange(flat, i * width, (i + 1) * width);
    }

    double[][] rows() {
        return IntStream.range(0, shape[0]).mapToObj(this::row).toArray(double[][]::new);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Values that && Arrays.equals(shape, that.shape) && Arrays.equals(flat, that.flat);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(flat);
    }

    @Override
    public String toString() {
        return "Values" + Arrays.toString(shape);
    }
}
