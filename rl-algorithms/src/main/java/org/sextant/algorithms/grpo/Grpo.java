// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.grpo;

import org.sextant.algorithms.onpolicy.OnPolicy;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;

/**
 * Group relative policy optimisation (Shao et al., DeepSeekMath, arXiv 2402.03300, equations 3 and 4 and section 4.1.2). Each question gets G answers o_i with
 * rewards r_i; an answer's tokens all get the advantage
 *
 * <pre>
 * A_i = (r_i − mean(r)) / std(r)
 * </pre>
 *
 * and the loss, with ρ = π/π_old of a token, is
 *
 * <pre>
 * L = −1/G Σ_i 1/|o_i| Σ_t { min(ρ A_i, clip(ρ, 1−ε, 1+ε) A_i) − β [π_ref/π − log(π_ref/π) − 1] }
 * </pre>
 *
 * {@code grpo.conf} beside this class says the same in settings; Dr. GRPO, DAPO, GSPO and CISPO are other choices of them, under {@code conf/algorithms/}.
 */
public final class Grpo extends OnPolicy {
    public Grpo(OnPolicyConfig config) {
        super(config);
    }
}
