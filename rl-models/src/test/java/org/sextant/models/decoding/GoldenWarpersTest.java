// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Numbers computed by {@code transformers}; their source stands in the file's {@code provenance}. */
class GoldenWarpersTest {
    @TestFactory
    Stream<DynamicTest> everyCase() throws IOException {
        try (InputStream file = GoldenWarpersTest.class.getResourceAsStream("/golden/logits_warpers.json")) {
            List<DynamicTest> tests = new ArrayList<>();
            new ObjectMapper()
                    .readTree(file)
                    .get("cases")
                    .forEach(c -> tests.add(DynamicTest.dynamicTest(c.get("id").asText(), () -> check(c))));
            assertThat(tests).hasSizeGreaterThan(30);
            return tests.stream();
        }
    }

    private static void check(JsonNode c) {
        for (int row = 0; row < c.get("scores").size(); row++) {
            double[] scores = doubles(c.get("scores").get(row));
            int[] history = c.has("input_ids") ? ints(c.get("input_ids").get(row)) : new int[0];
            JsonNode hyper = c.get("hyper");
            var ranking = new Ranking(scores.length);
            if (hyper.has("order")) {
                hyper.get("order").forEach(step -> apply(step.asText(), hyper, scores, history, ranking));
            } else {
                apply(c.get("method").asText(), hyper, scores, history, ranking);
            }
            same(scores, doubles(c.get("processed").get(row)));
            assertThat(ranking.softmax(scores))
                    .containsExactly(doubles(c.get("probs").get(row)), within(1e-5));
        }
    }

    private static void apply(String step, JsonNode hyper, double[] scores, int[] history, Ranking ranking) {
        int keep = hyper.path("min_tokens_to_keep").asInt(1);
        switch (step) {
            case "temperature" ->
                Warpers.temperature(scores, hyper.get("temperature").asDouble());
            case "top_k" -> Warpers.topK(scores, hyper.get("top_k").asInt(), keep, ranking);
            case "top_p" -> Warpers.topP(scores, hyper.get("top_p").asDouble(), keep, ranking);
            case "min_p" -> Warpers.minP(scores, hyper.get("min_p").asDouble(), keep, ranking);
            case "typical_p" -> Warpers.typicalP(scores, hyper.get("typical_p").asDouble(), keep, ranking);
            case "epsilon_cutoff" ->
                Warpers.epsilonCutoff(scores, hyper.get("epsilon").asDouble(), keep, ranking);
            case "repetition_penalty" ->
                Processors.repetitionPenalty(
                        scores, history, history.length, hyper.get("penalty").asDouble(), ranking);
            case "no_repeat_ngram" ->
                Processors.noRepeatNgram(
                        scores, history, history.length, hyper.get("ngram_size").asInt());
            case "min_length" ->
                Processors.minLength(
                        scores,
                        history.length,
                        hyper.get("min_length").asInt(),
                        hyper.get("eos_token_id").asInt());
            case "suppress_tokens" -> Processors.suppress(scores, list(hyper.get("tokens")));
            default -> throw new IllegalArgumentException("no such step: " + step);
        }
    }

    private static void same(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int id = 0; id < expected.length; id++) {
            if (Double.isInfinite(expected[id])) {
                assertThat(actual[id]).as("id %d is filtered", id).isEqualTo(expected[id]);
            } else {
                double tolerance = 1e-5 * Math.max(1, Math.abs(expected[id]));
                assertThat(actual[id]).as("id %d", id).isCloseTo(expected[id], within(tolerance));
            }
        }
    }

    private static double[] doubles(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Double.parseDouble(array.get(i).asText());
        }
        return numbers;
    }

    private static int[] ints(JsonNode array) {
        return list(array).stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<Integer> list(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(n -> numbers.add(n.asInt()));
        return numbers;
    }
}
