// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * What becomes of an answer's reward because of how it ended and how long it is, the same for every algorithm and for greedy answers too. A reward that abstained or
 * failed stays what it is. What follows from it for the loss is the algorithm's ({@code truncated-answers}, {@code credit.bootstrap-truncated}).
 *
 * @param truncated an answer that was cut off by a limit
 * @param truncatedValue the new reward, or what is taken off
 * @param missingEosPenalty taken off an answer that the policy did not end itself with the end-of-sequence token (TRL's {@code missing_eos_penalty})
 * @param overlong a penalty that grows with length, close to a limit
 */
record AnswerRewards(
        Truncated truncated, double truncatedValue, double missingEosPenalty, Optional<Overlong> overlong) {
    /** The reward of an answer that was cut off. */
    enum Truncated {
        /** What the task gives. */
        KEEP,
        /** {@code truncated-value} instead: 0, or −1 as in "N implementation details of RLHF with PPO". */
        REPLACE,
        /** {@code truncated-value} is taken off. */
        SUBTRACT
    }

    /**
     * DAPO's soft over-long punishment (arXiv 2503.14476, equation 13): 0 up to {@code limit − buffer} tokens, then linearly down to {@code −penalty} at the
     * limit, and {@code −penalty} beyond it.
     */
    record Overlong(int limit, int buffer, double penalty) {
        double of(int length) {
            double excess = (double) (length - (limit - buffer)) / buffer;
            return -penalty * Math.clamp(excess, 0, 1);
        }
    }

    /** Reads a block {@code answers { … }}. */
    static AnswerRewards read(ConfigReader own) {
        Truncated truncated = own.oneOf("truncated-reward", Truncated.class);
        ConfigReader block = own.object("overlong");
        Optional<Integer> limit = block.optionalInteger("limit", Range.atLeast(1));
        int buffer = block.integer("buffer", Range.atLeast(1));
        double penalty = block.decimal("penalty", Range.atLeast(0));
        if (limit.isPresent() && buffer > limit.get()) {
            block.problem("buffer", "is longer than the limit of " + limit.get() + " tokens; make it shorter");
        }
        return new AnswerRewards(
                truncated,
                own.decimal("truncated-value", Range.any()),
                own.decimal("missing-eos-penalty", Range.atLeast(0)),
                limit.map(tokens -> new Overlong(tokens, buffer, penalty)));
    }

    /** Whether anything is changed. */
    boolean active() {
        return truncated != Truncated.KEEP || missingEosPenalty > 0 || overlong.isPresent();
    }

    /** What is changed, for people; empty if nothing is. */
    String describe() {
        List<String> rules = new ArrayList<>();
        if (truncated != Truncated.KEEP) {
            rules.add((truncated == Truncated.REPLACE ? "" : "less ") + Explanation.number(truncatedValue)
                    + (truncated == Truncated.REPLACE ? " instead" : "") + " where the answer was cut off");
        }
        if (missingEosPenalty > 0) {
            rules.add("less " + Explanation.number(missingEosPenalty) + " where the policy did not end it");
        }
        overlong.ifPresent(o -> rules.add("less up to " + Explanation.number(o.penalty) + " from "
                + (o.limit - o.buffer) + " to " + o.limit + " tokens"));
        return String.join("; ", rules);
    }

    /** The batch with these rewards, of greedy answers too if there are any. */
    Experience apply(Experience batch) {
        if (!active()) {
            return batch;
        }
        Experience shaped = batch.without(Standard.REWARD)
                .with(
                        Standard.REWARD,
                        of(batch.get(Standard.REWARD), batch.get(Standard.FINISH), answerLengths(batch)));
        return batch.has(Standard.GREEDY_REWARD)
                ? shaped.without(Standard.GREEDY_REWARD)
                        .with(
                                Standard.GREEDY_REWARD,
                                of(
                                        batch.get(Standard.GREEDY_REWARD),
                                        batch.get(Standard.GREEDY_FINISH),
                                        batch.get(Standard.GREEDY_LENGTH)))
                : shaped;
    }

    private double[] of(double[] rewards, Finish[] finish, int[] length) {
        double[] shaped = new double[rewards.length];
        for (int row = 0; row < shaped.length; row++) {
            shaped[row] = of(rewards[row], finish[row], length[row]);
        }
        return shaped;
    }

    /** NaN stays NaN. */
    double of(double reward, Finish finish, int length) {
        double base = !finish.truncated() || Double.isNaN(reward)
                ? reward
                : switch (truncated) {
                    case KEEP -> reward;
                    case REPLACE -> truncatedValue;
                    case SUBTRACT -> reward - truncatedValue;
                };
        boolean ended = finish == Finish.EOS || finish == Finish.ENVIRONMENT;
        return base
                - (ended ? 0 : missingEosPenalty)
                + overlong.map(o -> o.of(length)).orElse(0.0);
    }

    private static int[] answerLengths(Experience batch) {
        Layout layout = batch.layout();
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        int[] lengths = new int[layout.rows()];
        for (int row = 0; row < lengths.length; row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                lengths[row] += mask[t] ? 1 : 0;
            }
        }
        return lengths;
    }
}
