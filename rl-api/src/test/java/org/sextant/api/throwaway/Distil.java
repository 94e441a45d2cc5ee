// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;

/**
 * On-policy distillation: the student samples, and each of its predictions is drawn towards the teacher's by
 * {@link GeneralisedJsd}. It proves that a teacher's whole distribution can enter a loss: {@code credit} writes it as a
 * column of rows over the vocabulary.
 */
public final class Distil implements Algorithm {
    static final Column<double[][]> TEACHER = new Column<>("distil/teacher", Domain.TOKEN, double[][].class);

    /** Log-probabilities of the next token, for each token of a batch. */
    @FunctionalInterface
    public interface Teacher {
        double[][] logProbs(Experience batch);

        /** A teacher with one favourite token, whatever came before. */
        static Teacher favouring(int token, double share, int vocabulary) {
            double[] row = new double[vocabulary];
            Arrays.fill(row, Math.log((1 - share) / (vocabulary - 1)));
            row[token] = Math.log(share);
            return batch -> {
                double[][] rows = new double[batch.layout().tokens()][];
                Arrays.fill(rows, row);
                return rows;
            };
        }
    }

    private final GeneralisedJsd divergence;
    private final Teacher teacher;

    public Distil(double beta, Teacher teacher) {
        this.divergence = new GeneralisedJsd(beta, TEACHER);
        this.teacher = teacher;
    }

    @Override
    public Needs needs() {
        return Needs.rollouts(new RolloutPlan(1, false), Set.of(divergence));
    }

    @Override
    public Columns credit(Experience experience, Metrics metrics) {
        return Columns.of(TEACHER, teacher.logProbs(experience));
    }

    @Override
    public Objective objective(LossScope batch) {
        Mask mask = Mask.response().inRowsWhere(Standard.VALID);
        Part part = new Part("distil", batch.output(divergence), mask, Reduce.tokenMean(), 1);
        return new Objective(List.of(part), new Metrics());
    }
}
