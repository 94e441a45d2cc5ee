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
     * @param what for the message: {@code "sampling"}, {@code "the reference"}
     */
    public static void bitEqual(Experience batch, double[] logp, double[] expected, String what) {
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        Layout layout = batch.layout();
        for (int row = 0; row < layout.rows(); row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                if (mask[t] && logp[t] != expected[t]) {
                    throw new SamplerMismatchException(
                            "log-probability of row " + row + ", token " + (t - layout.start(row))
                                    + " is " + logp[t] + " in training and " + expected[t] + " in " + what
                                    + ", though the weights are the same; these kernels break their contract: choose"
                                    + " others with kernels = reference and report it");
                }
            }
        }
    }
}
