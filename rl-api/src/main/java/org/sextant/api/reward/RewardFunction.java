// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.reward;

import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;

/**
 * Scores one answer to one question. Must be a pure function of its arguments and safe to call from several threads;
 * must not trust the answer: it is text that a model wrote.
 */
public interface RewardFunction {
    Outcome score(Item item, String answer, Finish finish);
}
