// SPDX-License-Identifier: Apache-2.0
/** Supervised fine-tuning; start at {@link org.sextant.algorithms.sft.Sft}. */
package org.sextant.algorithms.sft;
