// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/** Makes a {@link Distil}. */
public final class FavouredTokenProvider implements AlgorithmProvider {
    @Override
    public String name() {
        return "favoured-token";
    }

    @Override
    public String summary() {
        return "distils a teacher that always prefers one token (proves a teacher's distribution in a loss)";
    }

    @Override
    public Algorithm create(ConfigReader own) {
        double beta = own.decimal("beta", Range.between(0, 1));
        int token = own.integer("token", Range.atLeast(0));
        double share = own.decimal("share", Range.between(0, 1));
        int vocabulary = own.integer("vocabulary", Range.atLeast(2));
        return new Distil(beta, Distil.Teacher.favouring(token, share, vocabulary));
    }
}
