// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.reward;

import java.util.Map;

/** What a reward says about one answer. */
public sealed interface Outcome {
    /**
     * A score. Value and components are finite.
     *
     * @param value the reward
     * @param components named parts before weights, for metrics
     * @param extracted what was read out of the answer, for people; may be empty
     */
    record Scored(double value, Map<String, Double> components, String extracted) implements Outcome {
        public Scored {
            components = Map.copyOf(components);
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a reward of " + value + "; use Abstain or Failed");
            }
            components.forEach((name, part) -> {
                if (!Double.isFinite(part)) {
                    throw new IllegalArgumentException("component '" + name + "' of a reward is " + part);
                }
            });
        }

        /** A score with one component, which is the reward itself. */
        public static Scored of(String component, double value, String extracted) {
            return new Scored(value, Map.of(component, value), extracted);
        }
    }

    /** Not applicable: the row leaves the group statistics. */
    record Abstain(String reason) implements Outcome {}

    /** The reward broke; counted apart from wrong answers. */
    record Failed(String kind, String cause) implements Outcome {}
}
