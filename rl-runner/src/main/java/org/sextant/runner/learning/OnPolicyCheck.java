// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/** Asserts that training sees the very log-probabilities that sampling saw: ratio exactly 1, KL to an equal reference exactly 0. */
public final class OnPolicyCheck {
    private OnPolicyCheck() {}

    /**
     * @param logp of the policy now, by token
     * @param expected of the sampler or of an equal model, by token
     * @param tolerance how far they may be apart; 0 for the same bits
     * @param what for the message: {@code "sampling"}, {@code "the reference"}
     */
    public static void require(Experience batch, double[] logp, double[] expected, double tolerance, String what) {
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        Layout layout = batch.layout();
        for (int row = 0; row < layout.rows(); row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                if (mask[t] && !(Math.abs(logp[t] - expected[t]) <= tolerance)) {
                    throw new SamplerMismatchException("log-probability of row " + row + ", token "
                            + (t - layout.start(row)) + " is " + logp[t] + " in training and " + expected[t] + " in "
                            + what + ", though the weights are the same; "
                            + (tolerance > 0
                                    ? "that is further apart than " + tolerance
                                            + ": the model says other things token by"
                                            + " token than of whole rows, or looks ahead"
                                    : "what computes them breaks its contract: choose other kernels with kernels ="
                                            + " reference and report it"));
                }
            }
        }
    }
}
