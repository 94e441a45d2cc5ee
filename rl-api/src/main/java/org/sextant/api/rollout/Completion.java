// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.rollout;

import org.sextant.api.experience.Finish;

/**
 * What one row of a decoder generated in one run.
 *
 * @param row the row
 * @param tokens generated ids, a stop token included
 * @param samplingLogp log-probability of each under the filtered distribution that it was drawn from (0 for greedy
 *     choices)
 * @param oldLogp log-softmax of logits / temperature, unfiltered
 * @param finish why it ended
 */
public record Completion(Decoder.Row row, int[] tokens, double[] samplingLogp, double[] oldLogp, Finish finish) {}
