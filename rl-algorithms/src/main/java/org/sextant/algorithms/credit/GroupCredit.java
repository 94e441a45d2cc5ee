// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Masked;

/**
 * Advantages of answers from the rewards of their group: {@code A_i = (r_i − baseline_i) / (scale + epsilon)}, without the
 * division if the scale is {@link Scale#NONE}.
 *
 * <p>A group whose rewards are all equal gets exactly 0, never rounding residue. Rows in no group (their reward abstained) get 0 and are in no
 * statistic.
 *
 * <p>Sources: z-score of the group, GRPO (arXiv 2402.03300); mean alone, Dr. GRPO (2503.20783); leave-one-out, RLOO (2402.14740).
 *
 * @param baseline what is taken off a reward
 * @param scale whose standard deviation divides
 * @param ddof 1: standard deviation with n − 1 (TRL, verl); 0: with n (NumPy, open-instruct)
 * @param epsilon added to the standard deviation (TRL 1e-4, verl 1e-6)
 * @param single what becomes of a group of one
 */
public record GroupCredit(Baseline baseline, Scale scale, int ddof, double epsilon, Single single) {
    /** What is taken off a reward. */
    public enum Baseline {
        /** Mean of the group, the row itself included. */
        MEAN,
        /** Mean of the other rows of the group. */
        LEAVE_ONE_OUT,
        /** Nothing. */
        NONE
    }

    /** Whose standard deviation divides. */
    public enum Scale {
        GROUP,
        /** All rows in any group. */
        BATCH,
        NONE
    }

    /** A group of one has neither spread nor others to compare with. */
    public enum Single {
        /** Its reward counts whole, over (1 + epsilon) where groups are scaled by themselves: verl's grpo and rloo. */
        KEEP,
        /** Advantage 0: verl's vectorised rloo, TRL. */
        ZERO
    }

    /** Reads a block {@code credit { … }}. */
    public static GroupCredit read(ConfigReader own) {
        return new GroupCredit(
                own.oneOf("baseline", Baseline.class),
                own.oneOf("scale", Scale.class),
                own.integer("ddof", Range.between(0, 1)),
                own.decimal("epsilon", Range.atLeast(0)),
                own.oneOf("single", Single.class));
    }

    /**
     * @param rewards one a row; read only for rows in a group
     * @return one a row
     */
    public double[] advantages(double[] rewards, Groups groups) {
        double[] advantages = new double[rewards.length];
        double batchStd = scale == Scale.BATCH ? batchStd(rewards, groups) : 0;
        for (int[] members : groups.members()) {
            double[] own = select(rewards, members);
            double std = scale == Scale.GROUP ? Masked.std(own, null, ddof) : batchStd;
            for (int i = 0; i < own.length; i++) {
                advantages[members[i]] = advantage(own, i, std);
            }
        }
        return advantages;
    }

    private double advantage(double[] group, int i, double std) {
        if (group.length == 1 ? single == Single.ZERO : baseline != Baseline.NONE && constant(group)) {
            return 0;
        }
        double centred = group[i] - (group.length == 1 ? 0 : baselineOf(group, i));
        // No spread (0), or none that can be told (NaN for a lone row), means "not scaled", never a division by
        // epsilon.
        return scale == Scale.NONE ? centred : centred / ((std > 0 ? std : 1) + epsilon);
    }

    private double baselineOf(double[] group, int i) {
        return switch (baseline) {
            case MEAN -> Masked.mean(group, null);
            case LEAVE_ONE_OUT -> (Masked.sum(group, null) - group[i]) / (group.length - 1);
            case NONE -> 0;
        };
    }

    private double batchStd(double[] rewards, Groups groups) {
        boolean[] grouped = new boolean[rewards.length];
        groups.members().forEach(members -> {
            for (int row : members) {
                grouped[row] = true;
            }
        });
        return Masked.std(rewards, grouped, ddof);
    }

    /** Whether all rewards of a group are equal. */
    static boolean constant(double[] group) {
        return Masked.min(group, null) == Masked.max(group, null);
    }

    static double[] select(double[] values, int[] rows) {
        double[] chosen = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            chosen[i] = values[rows[i]];
        }
        return chosen;
    }
}
