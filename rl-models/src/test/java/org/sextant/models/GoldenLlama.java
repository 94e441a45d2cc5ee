// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** The model and cases of {@code golden/llama}; see its README. */
final class GoldenLlama {
    private GoldenLlama() {}

    static Path directory() {
        try {
            return Path.of(GoldenLlama.class
                            .getResource("/golden/llama/config.json")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode all() {
        try {
            return new ObjectMapper().readTree(Files.readAllBytes(directory().resolve("cases.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode oneCase(String id) {
        return StreamSupport.stream(all().get("cases").spliterator(), false)
                .filter(c -> c.get("id").textValue().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Columns of each row that are not padding, ascending. */
    static List<int[]> kept(JsonNode attentionMask) {
        List<int[]> rows = new ArrayList<>();
        for (int[] row : ints(attentionMask)) {
            rows.add(IntStream.range(0, row.length).filter(t -> row[t] == 1).toArray());
        }
        return rows;
    }

    static int[][] ints(JsonNode matrix) {
        return StreamSupport.stream(matrix.spliterator(), false)
                .map(row -> StreamSupport.stream(row.spliterator(), false)
                        .mapToInt(JsonNode::intValue)
                        .toArray())
                .toArray(int[][]::new);
    }

    static double[][] doubles(JsonNode matrix) {
        return StreamSupport.stream(matrix.spliterator(), false)
                .map(row -> StreamSupport.stream(row.spliterator(), false)
                        .mapToDouble(JsonNode::doubleValue)
                        .toArray())
                .toArray(double[][]::new);
    }

    static double[][][] cube(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(GoldenLlama::doubles)
                .toArray(double[][][]::new);
    }
}
