// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.reinforcepp;

import org.sextant.algorithms.onpolicy.OnPolicy;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;

/**
 * REINFORCE++ (Hu et al., arXiv 2501.03262): PPO's clip and KL in the rewards of tokens without a critic. The advantage of a token is its discounted reward to come,
 * brought to mean 0 and variance 1 over all tokens of the step:
 *
 * <pre>
 * G_t = r_t + γ G_{t+1}      r_t = [t is last] r − β log(π_old/π_ref)_t
 * A_t = (G_t − mean G) / std G
 * L   = −mean_t min(ρ_t A_t, clip(ρ_t, 1−ε, 1+ε) A_t)
 * </pre>
 *
 * The variant with a group's mean as baseline takes it off r before, and has the KL (k2) in the loss: {@code conf/algorithms/reinforce-pp-baseline.conf}.
 */
public final class ReinforcePp extends OnPolicy {
    public ReinforcePp(OnPolicyConfig config) {
        super(config);
    }
}
