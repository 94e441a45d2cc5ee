// SPDX-License-Identifier: Apache-2.0
/** Rejection-sampling fine-tuning; start at {@link org.sextant.algorithms.rft.Rft}. */
package org.sextant.algorithms.rft;
