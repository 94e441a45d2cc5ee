// SPDX-License-Identifier: Apache-2.0
/**
 * The trust-region axis: what is maximised in place of the expected advantage, and how far the policy may move from the one that sampled. Start
 * at {@link org.sextant.algorithms.surrogate.Surrogate}.
 */
package org.sextant.algorithms.surrogate;
