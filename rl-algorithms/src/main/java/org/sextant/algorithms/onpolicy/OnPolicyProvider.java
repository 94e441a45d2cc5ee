// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.sextant.api.algorithm.AlgorithmProvider;

/**
 * A provider of an algorithm that is made of the shared axes. Its {@code <name>.conf} holds what it sets differently from the defaults of the axes, so that two algorithms
 * are compared by reading two short files.
 */
public abstract class OnPolicyProvider implements AlgorithmProvider {
    private static final String HOME = "/org/sextant/algorithms/";

    /** Where the defaults of each axis lie, from {@link #HOME}; a name with dots in it would not be found in a jar. */
    private static final String[] AXES = {
        "onpolicy/sampling.conf",
        "credit/credit.conf",
        "surrogate/surrogate.conf",
        "surrogate/correction.conf",
        "surrogate/filter.conf",
        "kl/kl.conf",
        "value/value.conf",
        "entropy/entropy-bonus.conf",
        "aggregation/aggregation.conf"
    };

    /** Those of all axes, then those of the algorithm. */
    @Override
    public String defaults() {
        StringBuilder all = new StringBuilder();
        for (String axis : AXES) {
            all.append(text(HOME + axis)).append('\n');
        }
        return all.append(AlgorithmProvider.super.defaults()).toString();
    }

    private static String text(String resource) {
        try (InputStream in = OnPolicyProvider.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the defaults " + resource + " are not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
