// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.List;
import org.sextant.models.decoding.Processors;
import org.sextant.models.decoding.Ranking;
import org.sextant.models.decoding.Warpers;

/** The sampler's steps on rows of logits, one of them or several in a given order. */
final class WarpersReplay implements Replay {
    private static final Tolerance TOLERANCE = new Tolerance(1e-5, 1e-5);

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values scores = given.values("scores", 2);
        List<String> steps = given.hasHyper("order") ? given.hyperTexts("order") : List.of(given.method());
        Ranking ranking = new Ranking(scores.dimension(1));
        double[] processed = new double[scores.flat().length];
        double[] probabilities = new double[processed.length];
        try (Logits logits = new Logits(engine.kernels(), scores.rows())) {
            for (int row = 0; row < scores.dimension(0); row++) {
                double[] own = logits.row(row);
                int[] history = given.has("input_ids")
                        ? ints(given.values("input_ids", 2).row(row))
                        : new int[0];
                steps.forEach(step -> apply(step, given, own, history, ranking));
                System.arraycopy(own, 0, processed, row * own.length, own.length);
                System.arraycopy(ranking.softmax(own), 0, probabilities, row * own.length, own.length);
            }
        }
        check.near("processed", processed, null, TOLERANCE);
        check.near("probs", probabilities, null, TOLERANCE);
    }

    private static void apply(String step, Case given, double[] scores, int[] history, Ranking ranking) {
        int keep = (int) given.hyper("min_tokens_to_keep", 1);
        switch (step) {
            case "temperature" -> Warpers.temperature(scores, given.hyper("temperature"));
            case "top_k" -> Warpers.topK(scores, (int) given.hyper("top_k"), keep, ranking);
            case "top_p" -> Warpers.topP(scores, given.hyper("top_p"), keep, ranking);
            case "min_p" -> Warpers.minP(scores, given.hyper("min_p"), keep, ranking);
            case "typical_p" -> Warpers.typicalP(scores, given.hyper("typical_p"), keep, ranking);
            case "epsilon_cutoff" -> Warpers.epsilonCutoff(scores, given.hyper("epsilon"), keep, ranking);
            case "repetition_penalty" ->
                Processors.repetitionPenalty(scores, history, history.length, given.hyper("penalty"), ranking);
            case "no_repeat_ngram" ->
                Processors.noRepeatNgram(scores, history, history.length, (int) given.hyper("ngram_size"));
            case "min_length" ->
                Processors.minLength(
                        scores, history.length, (int) given.hyper("min_length"), (int) given.hyper("eos_token_id"));
            case "suppress_tokens" ->
                Processors.suppress(
                        scores,
                        Arrays.stream(given.hyperValues("tokens").ints())
                                .boxed()
                                .toList());
            default -> throw new NotOffered(step);
        }
    }

    private static int[] ints(double[] numbers) {
        return Arrays.stream(numbers).mapToInt(v -> (int) v).toArray();
    }
}
