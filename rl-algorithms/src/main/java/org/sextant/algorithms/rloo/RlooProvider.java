// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rloo;

import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.onpolicy.OnPolicyProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.config.ConfigReader;

/** {@code algorithm { name = rloo }}. */
public final class RlooProvider extends OnPolicyProvider {
    @Override
    public String name() {
        return "rloo";
    }

    @Override
    public String summary() {
        return "REINFORCE leave-one-out (arXiv 2402.14740): the mean of the other answers as baseline, whole answers"
                + " as actions";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new Rloo(OnPolicyConfig.read(own));
    }
}
