// SPDX-License-Identifier: Apache-2.0
/** REINFORCE with a greedy baseline; start at {@link org.sextant.algorithms.remax.Remax}. */
package org.sextant.algorithms.remax;
