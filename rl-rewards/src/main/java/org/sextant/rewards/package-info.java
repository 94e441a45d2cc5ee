// SPDX-License-Identifier: Apache-2.0

/**
 * Reward functions: verifiers, reward models, shaping and composition.
 */
package org.sextant.rewards;
