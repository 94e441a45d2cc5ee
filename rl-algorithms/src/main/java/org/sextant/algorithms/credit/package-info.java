// SPDX-License-Identifier: Apache-2.0
/**
 * Credit: from the reward of answers to the advantages of tokens; start at {@link org.sextant.algorithms.credit.Credit}. An
 * {@link org.sextant.algorithms.credit.Estimator} is one of a closed set: one advantage an answer, discounted returns,
 * a critic's GAE, the optimal token baseline, Monte-Carlo values. Numbers in, numbers out: nothing here has a gradient.
 */
package org.sextant.algorithms.credit;
