// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * AdamW with warm-up, schedule and clipping, from a block {@code optimiser { … }}.
 *
 * @param learningRate peak learning rate
 * @param schedule shape after the warm-up
 * @param warmupSteps steps of linear warm-up from 0
 * @param finalShare learning rate at the end, as a share of the peak (linear and cosine)
 * @param beta1 decay of the first moment, 0 to below 1
 * @param beta2 decay of the second moment, 0 to below 1
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay of matrices; norms and biases have none
 * @param maxGradientNorm global norm above which the gradient is scaled down; 0 never
 * @param microBatchTokens largest number of tokens in one forward pass
 */
public record OptimiserSettings(
        double learningRate,
        Schedule schedule,
        int warmupSteps,
        double finalShare,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double maxGradientNorm,
        int microBatchTokens) {
    /** Learning rate after the warm-up. */
    public enum Schedule {
        /** The peak, always. */
        CONSTANT,
        /** A straight line from the peak to {@code finalShare} of it. */
        LINEAR,
        /** Half a cosine from the peak to {@code finalShare} of it. */
        COSINE
    }

    /** Reads the block; every key must be there. */
    public static OptimiserSettings read(ConfigReader own) {
        return read(own, own.integer("micro-batch-tokens", Range.atLeast(1)));
    }

    /** The same for a model that goes through a batch in another's micro-batches, so that the block does not say how large they are. */
    static OptimiserSettings read(ConfigReader own, int microBatchTokens) {
        return new OptimiserSettings(
                own.decimal("learning-rate", Range.atLeast(0)),
                own.oneOf("schedule", Schedule.class),
                own.integer("warmup-steps", Range.atLeast(0)),
                own.decimal("final-share", Range.between(0, 1)),
                own.decimal("beta1", Range.halfOpen(0, 1)),
                own.decimal("beta2", Range.halfOpen(0, 1)),
                own.decimal("epsilon", Range.positive()),
                own.decimal("weight-decay", Range.atLeast(0)),
                own.decimal("max-gradient-norm", Range.atLeast(0)),
                microBatchTokens);
    }
}
