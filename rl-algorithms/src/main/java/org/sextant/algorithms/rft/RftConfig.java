// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rft;

import static org.sextant.api.algorithm.Explanation.number;

import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.KlPenalty;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * Settings of {@link Rft}; {@code rft.conf} beside this class has the defaults.
 *
 * @param axes of the loss, and what is sampled; the credit is not used
 * @param choice which answers are imitated
 */
public record RftConfig(OnPolicyConfig axes, Choice choice) {
    /** Reads a block {@code algorithm { name = rft, … }}. */
    public static RftConfig read(ConfigReader own) {
        RftConfig read = new RftConfig(OnPolicyConfig.read(own), Choice.read(own.object("choice")));
        ConfigReader credit = own.object("credit");
        if (!credit.string("kind").equals("group")) {
            credit.problem("kind", "answers are chosen and imitated, not credited; leave it at group");
        }
        KlPenalty penalty = read.axes.kl();
        if (penalty.active() && penalty.kl().placement() != Kl.Placement.LOSS) {
            own.object("kl")
                    .problem(
                            "placement",
                            "rewards choose answers and are not learned from, so a penalty in them has no effect; set"
                                    + " placement = loss");
        }
        return read;
    }

    /**
     * Which answers are imitated. Whatever the kind, an answer below the threshold never is, so a prompt without a success contributes nothing.
     *
     * @param kind of choice
     * @param threshold least reward of a success
     * @param best with {@link Kind#BEST}: answers a prompt
     * @param from with {@link Kind#QUANTILE}: quantile of the first step
     * @param to quantile of the last of {@code rounds} steps, and of all later ones
     * @param rounds steps in which the quantile rises
     * @param unique whether equal answers to one prompt count once
     */
    public record Choice(Kind kind, double threshold, int best, double from, double to, int rounds, boolean unique) {
        /** Kinds of choice. */
        public enum Kind {
            /** The best answers of each prompt (RAFT: 1); of equals the first. */
            BEST,
            /** All answers that succeed (STaR, ReST-EM, rejection-sampling fine-tuning of mathematical reasoners, 2308.01825). */
            SUCCESSES,
            /** Answers at or above a quantile of their prompt's rewards, which rises from step to step (ReST, 2308.08998). */
            QUANTILE
        }

        static Choice read(ConfigReader own) {
            Choice choice = new Choice(
                    own.oneOf("kind", Kind.class),
                    own.decimal("threshold", Range.any()),
                    own.integer("best", Range.atLeast(1)),
                    own.decimal("quantile-from", Range.between(0, 1)),
                    own.decimal("quantile-to", Range.between(0, 1)),
                    own.integer("quantile-rounds", Range.atLeast(1)),
                    own.bool("unique"));
            if (choice.to < choice.from) {
                own.problem("quantile-to", "is below quantile-from, " + choice.from + "; the quantile rises");
            }
            return choice;
        }

        /** The choice in words. */
        String describe() {
            String which = switch (kind) {
                case BEST ->
                    best == 1 ? "the best answer to each question" : "the best " + best + " answers to each question";
                case SUCCESSES -> "every answer";
                case QUANTILE ->
                    "answers at or above a quantile of their question's rewards, from " + number(from) + " to "
                            + number(to) + " in " + rounds + " steps,";
            };
            return which + " with a reward of at least " + number(threshold) + (unique ? ", equal answers once" : "");
        }

        /** The quantile of a step, from 0: {@code from} at first, {@code to} from the last round on. */
        double quantile(long step) {
            return rounds == 1 ? to : from + (to - from) * Math.min(step, rounds - 1) / (rounds - 1);
        }
    }
}
