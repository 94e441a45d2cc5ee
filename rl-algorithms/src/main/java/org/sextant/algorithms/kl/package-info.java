// SPDX-License-Identifier: Apache-2.0
/**
 * The KL axis: which estimator of KL(policy ‖ reference), with which gradient, in the reward or in the loss. Start at {@link
 * org.sextant.algorithms.kl.Kl}.
 */
package org.sextant.algorithms.kl;
