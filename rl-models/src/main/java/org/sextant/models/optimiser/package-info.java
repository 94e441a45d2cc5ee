// SPDX-License-Identifier: Apache-2.0
/** How gradients become new weights; start at {@link org.sextant.models.optimiser.AdamW}. */
package org.sextant.models.optimiser;
