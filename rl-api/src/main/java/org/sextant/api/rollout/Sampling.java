// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.rollout;

import java.util.List;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * How a token is chosen from logits. Steps apply in the order of the fields after temperature division, as in
 * {@code transformers}: repetition penalty, no-repeat n-grams, min length and suppression on the raw logits, then
 * temperature, top-k, top-p, min-p, typical-p and epsilon cutoff.
 *
 * @param greedy take the most probable token after the processors; ties go to the lowest id
 * @param temperature logits are divided by it, above 0
 * @param topK keep the k largest; 0 keeps all
 * @param topP keep the smallest set with at least this probability (nucleus, arXiv 1904.09751); 1 keeps all
 * @param minP keep tokens with at least this share of the largest probability; 0 keeps all
 * @param typicalP locally typical sampling (arXiv 2202.00666); 1 keeps all
 * @param epsilonCutoff keep tokens with at least this probability (arXiv 2210.15191); 0 keeps all
 * @param repetitionPenalty CTRL's penalty on tokens seen in prompt and answer (arXiv 1909.05858); 1 is none
 * @param minLength the end-of-sequence token is suppressed until the answer has this many tokens
 * @param noRepeatNgram no n-gram of this size occurs twice; 0 allows all
 * @param suppressed ids that are never chosen
 */
public record Sampling(
        boolean greedy,
        double temperature,
        int topK,
        double topP,
        double minP,
        double typicalP,
        double epsilonCutoff,
        double repetitionPenalty,
        int minLength,
        int noRepeatNgram,
        List<Integer> suppressed) {
    public Sampling {
        suppressed = List.copyOf(suppressed);
    }

    /** Plain sampling from softmax(logits / temperature). */
    public static Sampling atTemperature(double temperature) {
        return new Sampling(false, temperature, 0, 1, 0, 1, 0, 1, 0, 0, List.of());
    }

    /** The most probable token each time. */
    public static Sampling greedyDecoding() {
        return atTemperature(1).asGreedy();
    }

    /** Whether answers come from another distribution than softmax(logits / temperature). */
    public boolean alters() {
        return !equals(atTemperature(temperature));
    }

    /** The same processors, but the most probable token. */
    public Sampling asGreedy() {
        return new Sampling(
                true,
                temperature,
                topK,
                topP,
                minP,
                typicalP,
                epsilonCutoff,
                repetitionPenalty,
                minLength,
                noRepeatNgram,
                suppressed);
    }

    /** Reads a block {@code sampling { … }}. */
    public static Sampling read(ConfigReader own) {
        return new Sampling(
                own.bool("greedy"),
                own.decimal("temperature", Range.positive()),
                own.integer("top-k", Range.atLeast(0)),
                own.decimal("top-p", new Range(0, true, 1)),
                own.decimal("min-p", Range.between(0, 1)),
                own.decimal("typical-p", new Range(0, true, 1)),
                own.decimal("epsilon-cutoff", Range.between(0, 1)),
                own.decimal("repetition-penalty", Range.positive()),
                own.integer("min-length", Range.atLeast(0)),
                own.integer("no-repeat-ngram", Range.atLeast(0)),
                own.integers("suppressed", Range.atLeast(0)));
    }
}
