// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rloo;

import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.ConfigReader;

/** {@code algorithm { name = rloo }}. */
public final class RlooProvider implements AlgorithmProvider {
    @Override
    public String name() {
        return "rloo";
    }

    @Override
    public String summary() {
        return "REINFORCE leave-one-out (arXiv 2402.14740): the mean of a group's other answers as the baseline";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new Rloo(RlooConfig.read(own));
    }
}
