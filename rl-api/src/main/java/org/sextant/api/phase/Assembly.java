// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.phase;

import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.config.ConfigReader;

/** Builds parts that a phase's own block names, with their defaults merged under them. */
public interface Assembly {
    /** The algorithm of a block {@code algorithm { name = …, … }}. */
    Algorithm algorithm(ConfigReader block);
}
