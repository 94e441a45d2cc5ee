// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.reward;

import java.util.List;
import java.util.Map;

/** What a reward says about one answer. */
public sealed interface Outcome {
    /**
     * A score. Value and components are finite.
     *
     * @param value the reward
     * @param components named parts before weights, for metrics
     * @param extracted what was read out of the answer, for people; may be empty
     * @param steps which shares of the value belong to steps of the answer (process rewards); what is left belongs to its end
     */
    record Scored(double value, Map<String, Double> components, String extracted, List<StepReward> steps)
            implements Outcome {
        public Scored {
            components = Map.copyOf(components);
            steps = List.copyOf(steps);
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a reward of " + value + "; use Abstain or Failed");
            }
            components.forEach((name, part) -> {
                if (!Double.isFinite(part)) {
                    throw new IllegalArgumentException("component '" + name + "' of a reward is " + part);
                }
            });
        }

        /** A score of the answer as a whole. */
        public Scored(double value, Map<String, Double> components, String extracted) {
            this(value, components, extracted, List.of());
        }

        /** A score with one component, which is the reward itself. */
        public static Scored of(String component, double value, String extracted) {
            return new Scored(value, Map.of(component, value), extracted);
        }
    }

    /**
     * What one step of an answer has earned.
     *
     * @param end characters of the answer up to the end of the step, at least 1
     * @param value finite
     */
    record StepReward(int end, double value) {
        public StepReward {
            if (end < 1 || !Double.isFinite(value)) {
                throw new IllegalArgumentException("a step that ends after " + end + " characters and earns " + value
                        + "; at least 1 character, and a finite number");
            }
        }
    }

    /** Not applicable: the row leaves the group statistics. */
    record Abstain(String reason) implements Outcome {}

    /** The reward broke; counted apart from wrong answers. */
    record Failed(String kind, String cause) implements Outcome {}
}
