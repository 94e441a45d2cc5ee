// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * What a KL penalty measures from: block {@code reference { … }} of a phase. A reference that moves follows the policy as TR-DPO's does (Gorbatovski et al.
 * 2024, arXiv 2404.09656; {@code sync_ref_model} of TRL): {@code ref ← rate · policy + (1 − rate) · ref} after every so many steps.
 *
 * @param from where it comes from; never fresh
 * @param updateEvery steps of the phase between two moves; 0 never
 * @param updateRate share of the policy in what it becomes, above 0 to 1
 * @param distributionBytes most that its distributions over the whole vocabulary may take for the rows of one step
 */
public record ReferenceSettings(ModelSource from, int updateEvery, double updateRate, long distributionBytes) {
    /** What the phase started from, and it stays there. */
    public static final ReferenceSettings START = new ReferenceSettings(new ModelSource.Start(), 0, 1, 1L << 30);

    /** Reads the block; every key must be there. */
    public static ReferenceSettings read(ConfigReader own) {
        ModelSource from = ModelSource.read(own);
        if (from instanceof ModelSource.Fresh) {
            own.problem(
                    "from",
                    "is 'fresh', and a KL penalty cannot measure from a model that was never trained; set"
                            + " start, or the directory of a saved model");
        }
        double rate = own.decimal("update-rate", Range.between(0, 1));
        if (rate == 0) {
            own.problem("update-rate", "is 0, with which the reference never moves; set update-every = 0 for that");
        }
        return new ReferenceSettings(
                from,
                own.integer("update-every", Range.atLeast(0)),
                rate,
                own.integer("distribution-megabytes", Range.atLeast(1)) * (1L << 20));
    }

    /** Whether it follows the policy. */
    public boolean moves() {
        return updateEvery > 0;
    }

    /** Whether it moves after a step of the phase, counted from 0. */
    public boolean movesAfter(int step) {
        return moves() && (step + 1) % updateEvery == 0;
    }
}
