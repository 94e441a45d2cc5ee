// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.sextant.api.output.Output;
import org.sextant.api.tape.Term;

/**
 * An objective worked out on a slice: its loss, the loss of each part (before the coefficient) and the gradient with
 * respect to each output. Losses of the slices of a batch add up to the loss of the batch.
 *
 * @param loss Σ coefficient · part
 * @param parts value of each part, by name
 * @param gradients by output, in the output's domain
 */
public record Evaluation(double loss, SequencedMap<String, Double> parts, Map<Output, double[]> gradients) {
    /** Evaluates the parts over the slice, with denominators of the whole batch, and runs the tape backward. */
    public static Evaluation of(LossScope scope, Objective objective) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        Map<Term, double[]> seeds = new LinkedHashMap<>();
        double loss = 0;
        for (Part part : objective.parts()) {
            double[] weights = weights(scope, part);
            double value = 0;
            double[] term = part.term().values();
            for (int i = 0; i < weights.length; i++) {
                value += weights[i] == 0 ? 0 : weights[i] * term[i];
                weights[i] *= part.coefficient();
            }
            values.merge(part.name(), value, Double::sum);
            loss += part.coefficient() * value;
            seeds.merge(part.term(), weights, Evaluation::add);
        }
        scope.tape().gradients(seeds);
        Map<Output, double[]> gradients = new LinkedHashMap<>();
        scope.outputs().forEach((output, term) -> gradients.put(output, term.gradient()));
        return new Evaluation(loss, values, gradients);
    }

    private static double[] weights(LossScope scope, Part part) {
        boolean[] mask;
        boolean[] wholeMask;
        if (part.mask() == null) {
            requireWhole(scope, part);
            mask = new boolean[part.term().values().length];
            java.util.Arrays.fill(mask, true);
            wholeMask = mask;
        } else {
            mask = part.mask().over(scope.rows());
            wholeMask = part.mask().over(scope.whole());
        }
        if (mask.length != part.term().values().length) {
            throw new IllegalArgumentException(
                    "part '" + part.name() + "': a mask of " + mask.length + " over " + part.term());
        }
        return part.reduce().weights(scope.rows(), mask, scope.whole(), wholeMask);
    }

    private static void requireWhole(LossScope scope, Part part) {
        boolean cut = scope.rows().rows() != scope.whole().rows();
        if (cut && !(part.reduce() instanceof Reduce.Sum)) {
            throw new IllegalArgumentException("part '" + part.name() + "': " + part.term()
                    + " has no mask, so its mean over the whole batch is not known on a slice; declare Coupling.BATCH,"
                    + " reduce by sum(), or give it a mask");
        }
    }

    private static double[] add(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] += b[i];
        }
        return a;
    }
}
