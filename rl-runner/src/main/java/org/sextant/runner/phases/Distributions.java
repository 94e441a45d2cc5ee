// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.Locale;
import java.util.Set;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.Scorer;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.output.VocabularyReduction;

/**
 * What a model says of every token of the vocabulary at each token of the responses, kept: log-probabilities by position. It is the one place where the
 * matrix of tokens × vocabulary is held, so it has a limit.
 */
final class Distributions implements VocabularyReduction {
    private final float[][] byToken;
    private final long limit;
    private long bytes;

    private Distributions(int tokens, long limit) {
        this.byToken = new float[tokens][];
        this.limit = limit;
    }

    /**
     * Scores a batch.
     *
     * @param limit bytes that the result may take at most
     * @return log π(v) by token and v; null outside the response mask
     * @throws IllegalStateException if it would take more
     */
    static float[][] of(Scorer model, Experience batch, double temperature, long limit) {
        Distributions recording = new Distributions(batch.layout().tokens(), limit);
        model.score(batch, Set.of(recording), temperature);
        return recording.byToken;
    }

    @Override
    public String name() {
        return "distribution";
    }

    /** Keeps the row; its number is 0. */
    @Override
    public double forward(LogitsRow row) {
        bytes += (long) row.vocabulary() * Float.BYTES;
        if (bytes > limit) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "the reference's distributions over %d token ids take more than the %d MiB that they may: raise"
                            + " reference.distribution-megabytes of the phase, take fewer or shorter answers a step, or an"
                            + " estimator of the KL that needs the sampled tokens alone",
                    row.vocabulary(),
                    limit >> 20));
        }
        float[] all = new float[row.vocabulary()];
        for (int v = 0; v < all.length; v++) {
            all[v] = (float) row.logProb(v);
        }
        byToken[row.position()] = all;
        return 0;
    }

    @Override
    public void backward(LogitsRow row, double upstream, double[] gradient) {
        throw new UnsupportedOperationException("a frozen model's distribution has no gradient");
    }
}
