// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rft;

import org.sextant.algorithms.onpolicy.OnPolicyProvider;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.config.ConfigReader;

/** {@code algorithm { name = rft }}. */
public final class RftProvider extends OnPolicyProvider {
    @Override
    public String name() {
        return "rft";
    }

    @Override
    public String summary() {
        return "Rejection-sampling fine-tuning (RAFT, arXiv 2304.06767): imitate the best of the policy's own answers";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new Rft(RftConfig.read(own));
    }
}
