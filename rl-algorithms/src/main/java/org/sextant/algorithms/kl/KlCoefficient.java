// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import static org.sextant.api.algorithm.Explanation.number;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.state.StateMap;
import org.sextant.api.state.Stateful;

/**
 * The factor of a KL penalty, and what becomes of it from step to step. The factor of a step is fixed when its credit begins; what is observed then takes effect with
 * the next step.
 */
public abstract sealed class KlCoefficient implements Stateful {
    private double now;
    private double next;

    private KlCoefficient(double first) {
        this.now = first;
        this.next = first;
    }

    /** Always the same. */
    public static KlCoefficient fixed(double coefficient) {
        return new Fixed(coefficient);
    }

    /**
     * Moves towards the coefficient that holds the KL at a target (Ziegler et al., arXiv 1909.08593, section 2.2; verl, OpenRLHF, trlx):
     * {@code β ← β (1 + clip(kl / target − 1, −0.2, 0.2) · rows / horizon)}.
     *
     * @param target KL of a token that is aimed at
     * @param horizon answers
     */
    public static KlCoefficient adaptive(double first, double target, double horizon) {
        return new Adaptive(first, target, horizon);
    }

    /** From the first to the last value in equal steps. */
    public static KlCoefficient linear(double first, double last, int steps) {
        return new Linear(first, last, steps);
    }

    private enum Schedule {
        FIXED,
        ADAPTIVE,
        LINEAR
    }

    /** Reads the keys {@code coefficient} and {@code schedule} of a block {@code kl { … }}, and those of the schedule. */
    public static KlCoefficient read(ConfigReader own) {
        double first = own.decimal("coefficient", Range.atLeast(0));
        return switch (own.oneOf("schedule", Schedule.class)) {
            case FIXED -> fixed(first);
            case ADAPTIVE ->
                adaptive(first, own.decimal("target", Range.positive()), own.decimal("horizon", Range.positive()));
            case LINEAR ->
                linear(first, own.decimal("final", Range.atLeast(0)), own.integer("steps", Range.atLeast(1)));
        };
    }

    /** Whether the factor can be other than 0. */
    public boolean active() {
        return now > 0 || next > 0;
    }

    /** The factor of the step that is under way. */
    public double now() {
        return now;
    }

    /** A step begins: what was observed takes effect. */
    public void begin() {
        now = next;
    }

    /**
     * @param kl mean over answers of the mean over their tokens
     * @param rows answers
     */
    public void observe(double kl, int rows) {
        next = after(now, kl, rows);
    }

    abstract double after(double coefficient, double kl, int rows);

    /** Its value, or how it moves from step to step. */
    public abstract String describe();

    /** Whether it is the same in all steps. */
    public boolean constant() {
        return this instanceof Fixed;
    }

    @Override
    public void save(StateMap out) {
        out.put("next", next);
    }

    @Override
    public void load(StateMap in) {
        next = in.getDouble("next");
        now = next;
    }

    private static final class Fixed extends KlCoefficient {
        private Fixed(double first) {
            super(first);
        }

        @Override
        double after(double coefficient, double kl, int rows) {
            return coefficient;
        }

        @Override
        public String describe() {
            return number(now());
        }
    }

    private static final class Adaptive extends KlCoefficient {
        private static final double LARGEST_ERROR = 0.2;
        private final double target;
        private final double horizon;

        private Adaptive(double first, double target, double horizon) {
            super(first);
            this.target = target;
            this.horizon = horizon;
        }

        @Override
        double after(double coefficient, double kl, int rows) {
            double error = Math.clamp(kl / target - 1, -LARGEST_ERROR, LARGEST_ERROR);
            return coefficient * (1 + error * rows / horizon);
        }

        @Override
        public String describe() {
            return number(now()) + " at first, then β ← β (1 + clip(KL/" + number(target) + " − 1, ±"
                    + number(LARGEST_ERROR) + ") · answers/" + number(horizon) + ") after each step";
        }
    }

    private static final class Linear extends KlCoefficient {
        private final double first;
        private final double last;
        private final int steps;
        private int seen;

        private Linear(double first, double last, int steps) {
            super(first);
            this.first = first;
            this.last = last;
            this.steps = steps;
        }

        @Override
        public boolean active() {
            return first > 0 || last > 0;
        }

        @Override
        double after(double coefficient, double kl, int rows) {
            seen = Math.min(seen + 1, steps - 1);
            return steps == 1 ? last : first + (last - first) * seen / (steps - 1);
        }

        @Override
        public String describe() {
            return "from " + number(first) + " to " + number(last) + " in " + steps + " steps";
        }

        @Override
        public void save(StateMap out) {
            super.save(out);
            out.put("seen", seen);
        }

        @Override
        public void load(StateMap in) {
            super.load(in);
            seen = (int) in.getLong("seen");
        }
    }
}
