// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rloo;

import org.sextant.algorithms.onpolicy.OnPolicy;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;

/**
 * REINFORCE leave-one-out (Ahmadian et al., "Back to basics", arXiv 2402.14740; Kool et al. 2019). A whole answer is one action. With k answers to a
 * question and {@code R_i = r_i − β Σ_t log(π/π_ref)}, the KL penalty being a part of the reward:
 *
 * <pre>
 * A_i = R_i − 1/(k−1) Σ_{j≠i} R_j
 * L   = −1/k Σ_i A_i log π(y_i|x)
 * </pre>
 *
 * The paper takes one gradient step on each sample. With {@code surrogate.kind = clip} log π becomes the clipped ratio of the whole answer, for
 * several steps on the same samples (TRL); on the first step both have the same gradient.
 */
public final class Rloo extends OnPolicy {
    public Rloo(OnPolicyConfig config) {
        super(config);
    }
}
