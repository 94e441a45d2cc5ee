// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

/** How a model knows where in its sequence a token is. */
public sealed interface Positions {
    /** Rotary positions with the frequencies of the paper and no scaling. */
    static Rotary rotary(double theta) {
        return new Rotary(theta, new Unscaled());
    }

    /** One learnt vector a position, added to the token's (GPT-2). */
    record Learned() implements Positions {}

    /**
     * Queries and keys are rotated (RoPE, Su et al. 2021, arXiv 2104.09864).
     *
     * @param theta base of the frequencies θ^(−2i / headSize)
     */
    record Rotary(double theta, Scaling scaling) implements Positions {
        public Rotary {
            if (!(theta > 0) || Double.isInfinite(theta)) {
                throw new IllegalArgumentException("rope theta is " + theta + "; it must be above 0");
            }
        }

        /** Angles per position, in radians: headSize / 2 of them. */
        double[] inverseFrequencies(int headSize) {
            double[] frequencies = new double[headSize / 2];
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = scaling.apply(Math.pow(theta, -2.0 * i / headSize));
            }
            return frequencies;
        }
    }

    /** What is done to a frequency so that a context longer than the trained one is bearable. */
    sealed interface Scaling {
        double apply(double frequency);
    }

    /** Nothing. */
    record Unscaled() implements Scaling {
        @Override
        public double apply(double frequency) {
            return frequency;
        }
    }

    /**
     * Llama 3.1's ({@code rope_type: llama3}): waves longer than {@code originalContext / lowFactor} are slowed {@code factor} times, waves
     * shorter than {@code originalContext / highFactor} are kept, those between are mixed linearly in originalContext / wavelength.
     */
    record Llama3(double factor, double lowFactor, double highFactor, int originalContext) implements Scaling {
        public Llama3 {
            if (!(factor > 0) || !(lowFactor > 0) || !(highFactor > lowFactor) || originalContext < 1) {
                throw new IllegalArgumentException("llama3 rope scaling has factor " + factor + ", low_freq_factor "
                        + lowFactor + ", high_freq_factor " + highFactor + " and original context " + originalContext
                        + "; all must be above 0, and the third above the second");
            }
        }

        @Override
        public double apply(double frequency) {
            double turns = originalContext * frequency / (2 * Math.PI);
            double kept = Math.clamp((turns - lowFactor) / (highFactor - lowFactor), 0, 1);
            return (1 - kept) * frequency / factor + kept * frequency;
        }
    }
}
