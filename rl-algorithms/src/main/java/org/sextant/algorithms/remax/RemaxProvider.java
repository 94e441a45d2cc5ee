// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.remax;

import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.onpolicy.OnPolicyProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.config.ConfigReader;

/** {@code algorithm { name = remax }}. */
public final class RemaxProvider extends OnPolicyProvider {
    @Override
    public String name() {
        return "remax";
    }

    @Override
    public String summary() {
        return "ReMax (arXiv 2310.10505): REINFORCE with the reward of the greedy answer as baseline";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new Remax(OnPolicyConfig.read(own));
    }
}
