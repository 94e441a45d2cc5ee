// SPDX-License-Identifier: Apache-2.0
/** Rewards that compare an answer with the reference as text. */
package org.sextant.rewards.match;
