// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/** Makes a {@link MovingBaseline}. */
public final class MovingBaselineProvider implements AlgorithmProvider {
    @Override
    public String name() {
        return "moving-baseline";
    }

    @Override
    public String summary() {
        return "REINFORCE against a moving average of the rewards (proves saved state)";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new MovingBaseline(own.decimal("rate", Range.between(0, 1)));
    }
}
