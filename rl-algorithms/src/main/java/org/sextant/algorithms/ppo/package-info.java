// SPDX-License-Identifier: Apache-2.0
/** Proximal policy optimisation; start at {@link org.sextant.algorithms.ppo.Ppo}. */
package org.sextant.algorithms.ppo;
