// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.rollout;

import java.util.List;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.random.Streams;

/**
 * Makes a batch from questions: samples answers, lets the environment reply, scores. Single-turn, multi-turn and replay
 * from disk are collectors; a distributed version replaces this and nothing else.
 */
public interface Collector {
    /**
     * @param policy whom to sample from
     * @param step training step, part of every random stream
     * @return rows in the order of items, then samples; with all columns of {@code Standard} that sampling fills
     */
    Experience collect(PolicySnapshot policy, List<Item> items, RolloutPlan plan, Streams streams, long step);
}
