// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import org.sextant.api.tape.Term;

/**
 * One addend of a loss: {@code coefficient · reduce(term over mask)}.
 *
 * @param name metric {@code loss/<name>}: policy, kl, value, entropy, nll
 * @param term what is minimised, by TOKEN, ROW or VECTOR
 * @param mask which entries count; null for a VECTOR or SCALAR term, all of which counts
 * @param reduce how they become one number
 * @param coefficient factor in the loss
 */
public record Part(String name, Term term, Mask mask, Reduce reduce, double coefficient) {}
