// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Arrays;
import java.util.Optional;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;

/**
 * Advantages of answers from the rewards of their group: {@code A_i = (r_i − baseline_i) / (scale + epsilon)}, without the
 * division if the scale is {@link Scale#NONE}.
 *
 * <p>A group whose rewards are all equal gets exactly 0 from a baseline of the group, never rounding residue. Rows in
 * no group (their reward abstained) get 0 and are in no statistic.
 *
 * <p>Sources: z-score of the group, GRPO (arXiv 2402.03300); mean alone, Dr. GRPO (2503.20783); leave-one-out, RLOO
 * (2402.14740); greedy answer, ReMax (2310.10505); weighted by length, OPO (2505.23585); second best, pass@k training
 * (2503.19595, verl's grpo_passk); mean over mean, MaxRL; share of rewards, GPG (2504.02546).
 *
 * @param baseline what is taken off a reward
 * @param scale what divides
 * @param ddof 1: standard deviation with n − 1 (TRL, verl); 0: with n (NumPy, open-instruct)
 * @param epsilon added to the standard deviation (TRL 1e-4, verl 1e-6)
 * @param single what becomes of a group of one, where the baseline is of the group
 */
public record GroupCredit(Baseline baseline, Scale scale, int ddof, double epsilon, Single single) {
    /** What is taken off a reward. */
    public enum Baseline {
        /** Mean of the group, the row itself included. */
        MEAN,
        /** Mean of the other rows of the group. */
        LEAVE_ONE_OUT,
        /** Mean of the group in which each answer weighs as much as it has tokens: {@code Σ len·r / Σ len}. */
        LENGTH_WEIGHTED,
        /** The second-best reward, for the best answer of the group; the others get 0. */
        SECOND_BEST,
        /** Mean of all rows in any group. */
        BATCH_MEAN,
        /** Reward of the greedy answer to the same prompt. */
        GREEDY,
        /** Nothing. */
        NONE;

        /** Whether it is made of the rewards of the row's own group. */
        boolean ofGroup() {
            return this != BATCH_MEAN && this != GREEDY && this != NONE;
        }
    }

    /** What divides. */
    public enum Scale {
        /** Standard deviation of the group. */
        GROUP,
        /** Standard deviation of all rows in any group. */
        BATCH,
        /** Standard deviation of the other rows of the group, where it is above 0 (NeMo-RL). */
        LEAVE_ONE_OUT,
        /** Mean of the group, where it is above 0 (MaxRL). */
        GROUP_MEAN,
        /** Share of rows whose reward is not 0, of all rows in any group (GPG). */
        NONZERO_SHARE,
        NONE
    }

    /** A group of one has neither spread nor others to compare with. */
    public enum Single {
        /** Its reward counts whole, over (1 + epsilon) where groups are scaled by themselves: verl's grpo and rloo. */
        KEEP,
        /** Advantage 0: verl's vectorised rloo, TRL. */
        ZERO
    }

    /** Reads these keys of a block {@code credit { … }}. */
    public static GroupCredit read(ConfigReader own) {
        return new GroupCredit(
                own.oneOf("baseline", Baseline.class),
                own.oneOf("scale", Scale.class),
                own.integer("ddof", Range.between(0, 1)),
                own.decimal("epsilon", Range.atLeast(0)),
                own.oneOf("single", Single.class));
    }

    /** These needs and, for its baseline, the greedy answer. */
    Needs needs(Needs some) {
        if (baseline != Baseline.GREEDY) {
            return some;
        }
        Optional<RolloutPlan> plan =
                some.rollout().map(r -> new RolloutPlan(r.samplesPerPrompt(), true, r.branching()));
        return new Needs(some.data(), some.roles(), plan, some.columns(), some.outputs(), some.coupling())
                .with(Standard.GREEDY_REWARD);
    }

    /** Rows that have a reward, and a baseline to compare it with. */
    boolean[] counted(boolean[] scored, Experience batch) {
        boolean[] counted = scored.clone();
        if (baseline == Baseline.GREEDY) {
            double[] greedy = batch.get(Standard.GREEDY_REWARD);
            for (int row = 0; row < counted.length; row++) {
                counted[row] &= !Double.isNaN(greedy[row]);
            }
        }
        return counted;
    }

    /** Rows that count and have others to compare them with, where they need any. */
    boolean[] compared(RewardSignal signal, Experience batch) {
        if (!baseline.ofGroup() || single == Single.KEEP) {
            return signal.scored();
        }
        boolean[] compared = signal.scored().clone();
        for (int[] members : Answers.of(signal.rows(), signal, batch).groups().members()) {
            if (members.length == 1) {
                compared[members[0]] = false;
            }
        }
        return compared;
    }

    /**
     * Advantages from rewards alone.
     *
     * @param rewards one a row; read only for rows in a group
     * @return one a row
     */
    public double[] advantages(double[] rewards, Groups groups) {
        if (baseline == Baseline.LENGTH_WEIGHTED || baseline == Baseline.GREEDY) {
            throw new IllegalStateException("baseline " + baseline + " needs more than rewards: go through Credit");
        }
        Answers answers = new Answers(rewards, groups, new double[rewards.length], Optional.empty());
        return compare(answers).advantages(rewards, grouped(groups));
    }

    /** Baselines and divisors of the rows in groups. */
    Compared compare(Answers answers) {
        double[] rewards = answers.rewards();
        boolean[] grouped = grouped(answers.groups());
        double[] baselines = new double[rewards.length];
        double[] divisors = new double[rewards.length];
        Arrays.fill(divisors, 1);
        double mean = Masked.mean(rewards, grouped);
        double whole = scale == Scale.BATCH ? Masked.std(rewards, grouped, ddof) : nonzeroShare(rewards, grouped);
        for (int[] members : answers.groups().members()) {
            double[] own = select(rewards, members);
            for (int i = 0; i < own.length; i++) {
                int row = members[i];
                baselines[row] = switch (baseline) {
                    case BATCH_MEAN -> mean;
                    case GREEDY -> answers.greedy().orElseThrow()[row];
                    case NONE -> 0;
                    default -> ofGroup(own, i, answers, members);
                };
                divisors[row] = divisor(own, i, whole);
            }
        }
        return new Compared(baselines, divisors);
    }

    private double ofGroup(double[] group, int i, Answers answers, int[] members) {
        if (group.length == 1) {
            return single == Single.ZERO ? group[i] : 0;
        }
        return switch (baseline) {
            case MEAN -> GroupBaselines.mean(group);
            case LEAVE_ONE_OUT -> GroupBaselines.leaveOneOut(group, i);
            case LENGTH_WEIGHTED -> GroupBaselines.weighted(group, select(answers.lengths(), members));
            case SECOND_BEST -> GroupBaselines.secondBest(group, i);
            default -> throw new IllegalStateException(baseline + " is not a baseline of the group");
        };
    }

    private double divisor(double[] group, int i, double whole) {
        return switch (scale) {
            // No spread (0), or none that can be told (NaN for a lone row), means "not scaled", never a division by
            // epsilon.
            case GROUP -> orOne(Masked.std(group, null, ddof)) + epsilon;
            case BATCH -> orOne(whole) + epsilon;
            case LEAVE_ONE_OUT -> {
                double std = Masked.std(GroupBaselines.others(group, i), null, ddof);
                yield std > 0 ? std + epsilon : 1;
            }
            case GROUP_MEAN -> orOne(Masked.mean(group, null));
            case NONZERO_SHARE -> whole;
            case NONE -> 1;
        };
    }

    private static double orOne(double positive) {
        return positive > 0 ? positive : 1;
    }

    private static double nonzeroShare(double[] rewards, boolean[] grouped) {
        double nonzero = 0;
        for (int row = 0; row < rewards.length; row++) {
            nonzero += grouped[row] && rewards[row] != 0 ? 1 : 0;
        }
        return Math.max(1, nonzero) / Math.max(1, Masked.count(grouped));
    }

    private static boolean[] grouped(Groups groups) {
        boolean[] grouped = new boolean[groups.rows()];
        groups.members().forEach(members -> {
            for (int row : members) {
                grouped[row] = true;
            }
        });
        return grouped;
    }

    /** Whether all rewards of a group are equal. */
    static boolean constant(double[] group) {
        return Masked.constant(group, null);
    }

    static double[] select(double[] values, int[] rows) {
        double[] chosen = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            chosen[i] = values[rows[i]];
        }
        return chosen;
    }
}
