// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.ppo;

import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.onpolicy.OnPolicyProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.config.ConfigReader;

/** {@code algorithm { name = ppo }}. */
public final class PpoProvider extends OnPolicyProvider {
    @Override
    public String name() {
        return "ppo";
    }

    @Override
    public String summary() {
        return "PPO (arXiv 1707.06347) with a critic: generalised advantage estimation, clipped policy and value loss";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new Ppo(OnPolicyConfig.read(own));
    }
}
