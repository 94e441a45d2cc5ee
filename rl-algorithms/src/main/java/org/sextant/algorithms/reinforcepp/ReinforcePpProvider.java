// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.reinforcepp;

import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.onpolicy.OnPolicyProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.config.ConfigReader;

/** {@code algorithm { name = reinforce-pp }}. */
public final class ReinforcePpProvider extends OnPolicyProvider {
    @Override
    public String name() {
        return "reinforce-pp";
    }

    @Override
    public String summary() {
        return "REINFORCE++ (arXiv 2501.03262): rewards to come, whitened over the step, with PPO's clip and no critic";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new ReinforcePp(OnPolicyConfig.read(own));
    }
}
