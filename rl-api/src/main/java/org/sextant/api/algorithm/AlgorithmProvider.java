// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import org.sextant.api.config.Provider;

/**
 * Makes an {@link Algorithm} from its block {@code algorithm { name = …, … }}; found by
 * {@link java.util.ServiceLoader}.
 */
public interface AlgorithmProvider extends Provider<Algorithm> {}
