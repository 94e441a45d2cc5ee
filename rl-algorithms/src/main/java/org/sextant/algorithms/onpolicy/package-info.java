// SPDX-License-Identifier: Apache-2.0
/**
 * What the on-policy algorithms share. Start at {@link org.sextant.algorithms.onpolicy.OnPolicy}: a step of each of them, over the axes of the other packages.
 */
package org.sextant.algorithms.onpolicy;
