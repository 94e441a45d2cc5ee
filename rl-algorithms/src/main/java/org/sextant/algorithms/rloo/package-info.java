// SPDX-License-Identifier: Apache-2.0
/** REINFORCE leave-one-out; start at {@link org.sextant.algorithms.rloo.Rloo}. */
package org.sextant.algorithms.rloo;
