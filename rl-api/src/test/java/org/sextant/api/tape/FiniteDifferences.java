// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Layout;
import org.sextant.api.random.Stream;

/** Compares gradients of a tape with central differences of its values. */
final class FiniteDifferences {
    private static final double STEP = 1e-6;

    private FiniteDifferences() {}

    /** A leaf: where its numbers stand, and the numbers. */
    record Leaf(Domain domain, double[] values) {
        static Leaf random(Domain domain, Layout layout, Stream random, double low, double high) {
            int n = domain == Domain.VECTOR ? 3 : layout.size(domain);
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = low + (high - low) * random.nextDouble();
            }
            return new Leaf(domain, values);
        }
    }

    /**
     * Checks every partial derivative of {@code Σ_i (1 + i mod 3)·f_i(leaves)}.
     *
     * @param f builds the same expression whenever it is called
     */
    static void check(String name, Layout layout, List<Leaf> leaves, BiFunction<Tape, List<Term>, Term> f) {
        Tape tape = new Tape(layout);
        List<Term> terms = variables(tape, leaves);
        Term result = f.apply(tape, terms);
        tape.gradients(Map.of(result, weights(result.values().length)));
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            double[] values = leaves.get(leaf).values();
            for (int i = 0; i < values.length; i++) {
                double kept = values[i];
                values[i] = kept + STEP;
                double above = value(layout, leaves, f);
                values[i] = kept - STEP;
                double below = value(layout, leaves, f);
                values[i] = kept;
                double slope = (above - below) / (2 * STEP);
                assertThat(terms.get(leaf).gradient()[i])
                        .as("%s: leaf %d at %d of %s", name, leaf, i, layout)
                        .isCloseTo(slope, within(2e-7 + 2e-7 * Math.abs(slope) + 1e-9 * Math.abs(above)));
            }
        }
    }

    private static double value(Layout layout, List<Leaf> leaves, BiFunction<Tape, List<Term>, Term> f) {
        Tape tape = new Tape(layout);
        double[] values = f.apply(tape, variables(tape, leaves)).values();
        double[] weights = weights(values.length);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
        }
        return sum;
    }

    private static List<Term> variables(Tape tape, List<Leaf> leaves) {
        List<Term> terms = new ArrayList<>();
        leaves.forEach(leaf -> terms.add(tape.variable(leaf.domain(), leaf.values())));
        return terms;
    }

    private static double[] weights(int n) {
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            weights[i] = 1 + i % 3;
        }
        return weights;
    }
}
