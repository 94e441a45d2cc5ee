// SPDX-License-Identifier: Apache-2.0
/**
 * The plugin point for learning rules. An {@link org.sextant.api.algorithm.Algorithm} says what it needs, turns a collected batch into
 * advantages or weights, and writes its loss as an expression; the runner provides the rest.
 */
package org.sextant.api.algorithm;
