// SPDX-License-Identifier: Apache-2.0
/**
 * The credit axis: how rewards of answers become advantages. Plain arrays in, plain arrays out; start at {@link
 * org.sextant.algorithms.credit.GroupCredit}.
 */
package org.sextant.algorithms.credit;
