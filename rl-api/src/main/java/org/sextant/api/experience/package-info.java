// SPDX-License-Identifier: Apache-2.0
/**
 * What a batch is: flat tokens with row offsets ({@link org.sextant.api.experience.Layout}) and typed columns over rows, tokens and states. Start
 * at {@link org.sextant.api.experience.Experience}.
 */
package org.sextant.api.experience;
