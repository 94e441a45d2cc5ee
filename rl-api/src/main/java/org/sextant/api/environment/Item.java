// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.environment;

import java.util.Map;
import java.util.Optional;

/**
 * One question.
 *
 * @param id stable over runs and machines: it names the question in evaluation files
 * @param prompt text given to the policy
 * @param reference the right answer, as the reward wants it
 * @param demonstration an answer to imitate, if the task has one
 * @param difficulty label for metrics: every number is also reported by it
 * @param metadata whatever else the reward or environment needs
 */
public record Item(
        String id,
        String prompt,
        String reference,
        Optional<String> demonstration,
        String difficulty,
        Map<String, String> metadata) {
    public Item {
        metadata = Map.copyOf(metadata);
    }
}
