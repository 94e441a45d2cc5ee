// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.grpo;

import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.onpolicy.OnPolicyProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.config.ConfigReader;

/** {@code algorithm { name = grpo }}. */
public final class GrpoProvider extends OnPolicyProvider {
    @Override
    public String name() {
        return "grpo";
    }

    @Override
    public String summary() {
        return "Group relative policy optimisation (arXiv 2402.03300): a group's mean and spread instead of a critic";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new Grpo(OnPolicyConfig.read(own));
    }
}
