// SPDX-License-Identifier: Apache-2.0
/** Sums, differences and products of whole numbers, generated; start at {@link org.sextant.envs.arithmetic.Arithmetic}. */
package org.sextant.envs.arithmetic;
