// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import org.sextant.api.rollout.Sampling;

/**
 * What an algorithm is used under, as far as it matters to whether its settings make sense.
 *
 * @param updates optimiser steps on the answers of each round; the first of them is on-policy
 * @param sampling how answers are sampled
 * @param maxNewTokens longest answer of one turn, in tokens
 */
public record Circumstances(int updates, Sampling sampling, int maxNewTokens) {
    /** Whether steps are taken with answers of a policy that has moved on since. */
    public boolean reuses() {
        return updates > 1;
    }
}
