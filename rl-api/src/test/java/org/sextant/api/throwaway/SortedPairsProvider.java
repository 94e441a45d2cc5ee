// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/** Makes a {@link SortedPairs}. */
public final class SortedPairsProvider implements AlgorithmProvider {
    @Override
    public String name() {
        return "sorted-pairs";
    }

    @Override
    public String summary() {
        return "sorted log-ratios of the best and worst samples, as AOT (proves a batch-coupled loss)";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new SortedPairs(own.decimal("beta", Range.positive()), own.oneOf("data", DataKind.class));
    }
}
