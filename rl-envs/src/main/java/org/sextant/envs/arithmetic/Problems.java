// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.arithmetic;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import org.sextant.api.environment.Split;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.envs.arithmetic.ArithmeticConfig.Span;

/**
 * Draws problems: operator, numbers of digits and then the numbers, each uniformly, until one satisfies the settings and is of the wanted split.
 */
final class Problems {
    /** Draws without success after which settings count as impossible. */
    private static final int PATIENCE = 50_000;

    private final ArithmeticConfig config;
    private final Streams streams;

    Problems(ArithmeticConfig config) {
        this.config = config;
        this.streams = new Streams(config.seed());
    }

    /** Problem {@code index} of the training; the same one may come again. */
    Problem train(long index) {
        return draw(streams.open(new StreamKey("arithmetic/train", 0, index, 0)), Split.TRAIN)
                .orElseThrow(() -> new IllegalStateException(impossible(Split.TRAIN)));
    }

    /** The problems of the evaluation, none twice; fewer than the settings ask for if no more were found. */
    List<Problem> evaluation() {
        Stream stream = streams.open(StreamKey.of("arithmetic/evaluation"));
        SequencedSet<Problem> found = new LinkedHashSet<>();
        int failures = 0;
        while (found.size() < config.evaluationSize() && failures < PATIENCE) {
            Optional<Problem> next = draw(stream, Split.EVALUATION);
            if (next.isEmpty()) {
                break;
            }
            failures = found.add(next.get()) ? 0 : failures + 1;
        }
        return List.copyOf(found);
    }

    /** What makes the settings impossible, in words; empty if problems of both splits can be drawn. */
    Optional<String> impossible() {
        Stream stream = streams.open(StreamKey.of("arithmetic/check"));
        for (Split split : Split.values()) {
            if (draw(stream, split).isEmpty()) {
                return Optional.of(impossible(split));
            }
        }
        return Optional.empty();
    }

    private String impossible(Split split) {
        return "no " + split.name().toLowerCase(java.util.Locale.ROOT) + " problem with " + range(config.carries())
                + " carries was found among those with " + range(config.left()) + " and " + range(config.right())
                + " digits and evaluation-share = " + config.evaluationShare()
                + "; allow more digits or other carries";
    }

    private static String range(Span span) {
        return span.max() == Integer.MAX_VALUE
                ? "at least " + span.min()
                : span.min() == span.max() ? "" + span.min() : span.min() + " to " + span.max();
    }

    private Optional<Problem> draw(Stream stream, Split split) {
        for (int i = 0; i < PATIENCE; i++) {
            Operator operator =
                    config.operators().get(stream.nextInt(config.operators().size()));
            Problem problem = new Problem(operator, number(stream, config.left()), number(stream, config.right()));
            if (fits(problem) && problem.split(config.evaluationShare()) == split) {
                return Optional.of(problem);
            }
        }
        return Optional.empty();
    }

    private boolean fits(Problem problem) {
        return config.carries().contains(problem.carries()) && (config.negatives() || problem.result() >= 0);
    }

    private static long number(Stream stream, Span digits) {
        int n = stream.nextInt(digits.min(), digits.max() + 1);
        long low = n == 1 ? 0 : Math.powExact(10L, n - 1);
        return stream.nextLong(low, Math.powExact(10L, n));
    }
}
