// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.Golden;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.output.VocabularyReduction;
import org.sextant.api.testkit.AlgorithmContract;
import org.sextant.api.testkit.Batches;

class DistilTest extends AlgorithmContract {
    @Override
    protected Algorithm algorithm() {
        return new Distil(0.5, Distil.Teacher.favouring(2, 0.7, 5));
    }

    static List<Golden> trl() {
        return Golden.cases("generalized_jsd.json");
    }

    /**
     * Student and teacher of each token of one row; the loss goes through tape and mask, its gradient back to the
     * logits.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("trl")
    void isTrlsGeneralisedJsd(Golden c) {
        double temperature = c.hyper("temperature");
        double[][] student = scaled(c.rows("student_logits"), temperature);
        boolean all = c.json().get("labels").isNull();
        double[] labels = all ? new double[student.length] : c.flat("labels");
        boolean[] counted = new boolean[student.length];
        for (int t = 0; t < counted.length; t++) {
            counted[t] = labels[t] != -100;
        }
        GeneralisedJsd declared = new GeneralisedJsd(c.hyper("beta"), Distil.TEACHER);
        Experience batch = Experience.of(
                Layout.ofLengths(student.length),
                Columns.of(Distil.TEACHER, logSoftmax(scaled(c.rows("teacher_logits"), temperature)))
                        .with(Standard.RESPONSE_MASK, counted));
        VocabularyReduction bound = declared.over(batch);
        double[] divergence = new double[student.length];
        for (int t = 0; t < divergence.length; t++) {
            divergence[t] = bound.forward(new LogitsRow().set(student[t], 0, t));
        }
        assertThat(divergence).containsExactly(c.flat("per_position"), within(1e-9));
        Evaluation found = loss(batch, declared, divergence);
        assertThat(found.loss()).isCloseTo(c.number("loss"), within(1e-9));
        double[][] expected = c.rows("grad_student_logits");
        for (int t = 0; t < divergence.length; t++) {
            double[] gradient = new double[student[t].length];
            bound.backward(
                    new LogitsRow().set(student[t], 0, t), found.gradients().get(declared)[t] / temperature, gradient);
            assertThat(gradient).containsExactly(expected[t], within(1e-9));
        }
    }

    private static Evaluation loss(Experience batch, GeneralisedJsd output, double[] values) {
        LossScope scope = new LossScope(batch, batch, Map.of(output, values));
        Part part = new Part("distil", scope.output(output), Mask.response(), Reduce.tokenMean(), 1);
        return Evaluation.of(scope, new Objective(List.of(part), new Metrics()));
    }

    private static double[][] scaled(double[][] logits, double temperature) {
        return Arrays.stream(logits)
                .map(row -> Arrays.stream(row).map(z -> z / temperature).toArray())
                .toArray(double[][]::new);
    }

    private static double[][] logSoftmax(double[][] logits) {
        return Arrays.stream(logits)
                .map(row -> {
                    double sum = Arrays.stream(row).map(Math::exp).sum();
                    return Arrays.stream(row).map(z -> z - Math.log(sum)).toArray();
                })
                .toArray(double[][]::new);
    }

    /** The gradient with respect to the student's logits vanishes where student and teacher agree, whatever β. */
    @Test
    void aStudentThatAgreesLearnsNothing() {
        Experience batch = Batches.rows(1).build();
        double[][] teacher = Distil.Teacher.favouring(1, 0.6, 3).logProbs(batch);
        for (double beta : new double[] {0, 0.3, 1}) {
            VocabularyReduction bound =
                    new GeneralisedJsd(beta, Distil.TEACHER).over(batch.with(Distil.TEACHER, teacher));
            LogitsRow row = new LogitsRow().set(teacher[0], 0, 0);
            double[] gradient = new double[3];
            bound.backward(row, 1, gradient);
            assertThat(bound.forward(row)).isCloseTo(0, within(1e-15));
            assertThat(gradient).containsExactly(new double[3], within(1e-15));
        }
    }

    @Test
    void theTeacherMustBeKnown() {
        GeneralisedJsd declared = new GeneralisedJsd(0.5, Distil.TEACHER);
        assertThatThrownBy(() -> declared.forward(new LogitsRow().set(new double[2], 0, 0)))
                .hasMessageContaining("over(batch)");
        Experience without = Batches.rows(1).build();
        assertThatThrownBy(() -> declared.over(without)).hasMessageContaining("no column distil/teacher");
    }
}
