// SPDX-License-Identifier: Apache-2.0
/** REINFORCE with global whitening; start at {@link org.sextant.algorithms.reinforcepp.ReinforcePp}. */
package org.sextant.algorithms.reinforcepp;
