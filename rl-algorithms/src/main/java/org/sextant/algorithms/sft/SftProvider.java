// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.sft;

import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.ConfigReader;

/** {@code algorithm { name = sft }}. */
public final class SftProvider implements AlgorithmProvider {
    @Override
    public String name() {
        return "sft";
    }

    @Override
    public String summary() {
        return "Supervised fine-tuning: the log-likelihood of demonstrations, prompts not counted";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new Sft(Aggregation.read(own.object("aggregation")));
    }
}
