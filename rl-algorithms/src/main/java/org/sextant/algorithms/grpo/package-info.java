// SPDX-License-Identifier: Apache-2.0
/** Group relative policy optimisation; start at {@link org.sextant.algorithms.grpo.Grpo}. */
package org.sextant.algorithms.grpo;
