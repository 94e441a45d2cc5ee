// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.ppo;

import org.sextant.algorithms.onpolicy.OnPolicy;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;

/**
 * Proximal policy optimisation for language models (Schulman et al., arXiv 1707.06347; Ouyang et al., InstructGPT, 2203.02155; "The N implementation details of RLHF
 * with PPO"). A critic V learns what an answer will earn from each of its states, and each token is credited with what it changed:
 *
 * <pre>
 * r_t = [t is last] r − β log(π_old/π_ref)_t
 * δ_t = r_t + γ V(s_{t+1}) − V(s_t)      A_t = δ_t + γλ A_{t+1}      R_t = A_t + V(s_t)      A whitened over the step's tokens
 * L   = −mean min(ρ_t A_t, clip(ρ_t, 1−ε, 1+ε) A_t) + c ½ mean max((V−R)², (clip(V, V_old ± ε_v) − R)²) − c_H mean H
 * </pre>
 *
 * with means over tokens, over several epochs of several mini-batches (settings of the phase). The critic is a model of its own or a head on the policy's
 * trunk: {@code critic} in the phase's block.
 */
public final class Ppo extends OnPolicy {
    public Ppo(OnPolicyConfig config) {
        super(config);
    }
}
