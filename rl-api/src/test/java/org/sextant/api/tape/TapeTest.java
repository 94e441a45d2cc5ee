// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Layout;

class TapeTest {
    private final Tape tape = new Tape(Layout.ofLengths(2, 0, 1));

    private Term tokens(double... values) {
        return tape.variable(Domain.TOKEN, values);
    }

    private double[] gradient(Term of, Term with) {
        double[] ones = new double[of.values().length];
        java.util.Arrays.fill(ones, 1);
        tape.gradients(Map.of(of, ones));
        return with.gradient();
    }

    @Test
    void aTermThatIsUsedTwiceGetsBothGradients() {
        Term x = tokens(1, 2, 3);
        assertThat(gradient(x.times(x).plus(x), x)).containsExactly(3, 5, 7);
        Term y = tokens(1, 2, 3);
        assertThat(gradient(y.minus(y), y)).containsExactly(0, 0, 0);
    }

    @Test
    void detachStopsTheGradientAndKeepsTheNumbers() {
        Term x = tokens(1, 2, 3);
        Term product = x.times(x.detach());
        assertThat(product.values()).containsExactly(1, 4, 9);
        assertThat(gradient(product, x)).containsExactly(1, 2, 3);
        assertThat(gradient(x.minus(x.detach()).exp(), x)).containsExactly(1, 1, 1);
    }

    @Test
    void constantsKeepAZeroGradient() {
        Term x = tokens(1, 2, 3);
        Term c = tape.constant(Domain.TOKEN, new double[] {4, 5, 6});
        assertThat(gradient(x.times(c), x)).containsExactly(4, 5, 6);
        assertThat(c.gradient()).containsExactly(0, 0, 0);
    }

    @Test
    void aSecondCallForgetsTheFirst() {
        Term x = tokens(1, 2, 3);
        Term square = x.square();
        gradient(square, x);
        assertThat(gradient(square, x)).containsExactly(2, 4, 6);
    }

    @Test
    void seedsOfSeveralTermsAddUp() {
        Term x = tokens(1, 2, 3);
        Map<Term, double[]> seeds = new LinkedHashMap<>();
        seeds.put(x.square(), new double[] {1, 0, 0});
        seeds.put(x.negate(), new double[] {0, 1, 1});
        seeds.put(x, new double[] {10, 10, 10});
        tape.gradients(seeds);
        assertThat(x.gradient()).containsExactly(12, 9, 9);
    }

    @Test
    void rowsWithoutTokensAndEmptyMasksGiveZero() {
        Term x = tokens(1, 2, 4);
        boolean[] last = {false, false, true};
        assertThat(x.rowSum(new boolean[] {true, true, true}).values()).containsExactly(3, 0, 4);
        assertThat(x.rowMean(new boolean[] {true, true, true}).values()).containsExactly(1.5, 0, 4);
        assertThat(x.rowMean(last).values()).containsExactly(0, 0, 4);
        assertThat(gradient(x.rowMean(last), x)).containsExactly(0, 0, 1);
        Term row = tape.variable(Domain.ROW, new double[] {7, 8, 9});
        assertThat(row.toTokens().values()).containsExactly(7, 7, 9);
        assertThat(gradient(row.toTokens(), row)).containsExactly(2, 0, 1);
    }

    @Test
    void aBatchWithoutTokensWorks() {
        Tape empty = new Tape(Layout.ofLengths(0, 0));
        Term x = empty.variable(Domain.TOKEN, new double[0]);
        Term sum = x.exp().times(empty.constant(2)).rowMean(new boolean[0]).sum();
        empty.gradients(Map.of(sum, new double[] {1}));
        assertThat(sum.values()).containsExactly(0);
        assertThat(x.gradient()).isEmpty();
    }

    @Test
    void groupMeansLeaveOutRowsOfNoGroup() {
        Term rows = tape.variable(Domain.ROW, new double[] {1, 100, 4});
        Groups groups = Groups.of(new int[] {5, 5, 5}, new boolean[] {true, false, true});
        Term mean = rows.groupMean(groups);
        assertThat(mean.values()).containsExactly(2.5, 0, 2.5);
        assertThat(gradient(mean, rows)).containsExactly(1, 0, 1);
    }

    @Test
    void aConstantGroupIsItsMeanToTheLastBit() {
        Term rows = tape.variable(Domain.ROW, new double[] {0.1, 0.1, 0.1});
        Term residue = rows.minus(rows.groupMean(Groups.of(new int[3], null)));
        assertThat(residue.values()).containsExactly(0, 0, 0);
    }

    /** Conventions of PyTorch 2: clamp passes the gradient on its borders, min and max halve it at ties. */
    @Nested
    class Kinks {
        @Test
        void clipHasGradientOneOnItsBorders() {
            Term x = tokens(-0.5, 0.5, 0.6);
            assertThat(gradient(x.clip(-0.5, 0.5), x)).containsExactly(1, 1, 0);
        }

        @Test
        void tiesShareTheGradientOfMinAndMax() {
            Term a = tokens(1, 2, 3);
            Term b = tokens(1, 3, 2);
            assertThat(gradient(a.min(b), a)).containsExactly(0.5, 1, 0);
            assertThat(b.gradient()).containsExactly(0.5, 0, 1);
            assertThat(gradient(a.max(b), a)).containsExactly(0.5, 0, 1);
            assertThat(b.gradient()).containsExactly(0.5, 1, 0);
            assertThat(gradient(a.min(a), a)).containsExactly(1, 1, 1);
        }

        @Test
        void whereIgnoresTheBranchThatIsNotChosen() {
            Term x = tokens(-1, 0, 4);
            boolean[] positive = {false, false, true};
            Term safe = x.log().where(positive, x.times(2));
            assertThat(safe.values()).containsExactly(-2, 0, Math.log(4));
            assertThat(gradient(safe, x)).containsExactly(2, 2, 0.25);
            Term infinite = tape.constant(1).dividedBy(x);
            assertThat(gradient(infinite.where(positive, x), x)).containsExactly(1, 1, -0.0625);
        }
    }

    /** Expected numbers from 50-digit arithmetic. */
    @Nested
    class Accuracy {
        @Test
        void log1mexpDoesNotCancel() {
            Term x = tokens(-1e-10, -50, -0.6931471805599453);
            double[] y = x.log1mexp().values();
            assertThat(y[0]).isCloseTo(-23.025850929990457, within(1e-13));
            assertThat(y[1]).isCloseTo(-1.9287498479639178e-22, within(1e-36));
            assertThat(y[2]).isCloseTo(-0.6931471805599453, within(1e-15));
        }

        @Test
        void sigmoidsDoNotOverflow() {
            Term x = tokens(-800, 800, 0);
            assertThat(x.logSigmoid().values()).containsExactly(-800, -0.0, -Math.log(2));
            assertThat(gradient(x.logSigmoid(), x)).containsExactly(1, 0, 0.5);
            assertThat(x.sigmoid().values()).containsExactly(0, 1, 0.5);
        }
    }

    @Nested
    class Mistakes {
        @Test
        void termsOfDifferentDomains() {
            Term row = tape.variable(Domain.ROW, new double[3]);
            Term token = tokens(1, 2, 3);
            assertThatThrownBy(() -> token.plus(row))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("TOKEN")
                    .hasMessageContaining("ROW")
                    .hasMessageContaining("toTokens()");
            assertThatThrownBy(() -> row.rowSum(new boolean[3])).hasMessageContaining("not a term over TOKEN");
            assertThatThrownBy(token::toTokens).hasMessageContaining("not a term over ROW");
            assertThatThrownBy(() -> token.groupMean(Groups.of(new int[3], null)))
                    .hasMessageContaining("not a term over ROW");
        }

        @Test
        void vectorsOfDifferentLengths() {
            Term two = tape.variable(Domain.VECTOR, new double[2]);
            Term three = tape.variable(Domain.VECTOR, new double[3]);
            assertThatThrownBy(() -> two.times(three)).hasMessageContaining("(VECTOR, 2)");
        }

        @Test
        void arraysOfTheWrongLength() {
            assertThatThrownBy(() -> tape.variable(Domain.STATE, new double[3]))
                    .hasMessageContaining("STATE")
                    .hasMessageContaining("6 numbers, not 3");
            Term x = tokens(1, 2, 3);
            assertThatThrownBy(() -> x.gather(new int[] {0}, Domain.ROW)).hasMessageContaining("no ROW");
            assertThatThrownBy(() -> x.where(new boolean[2], x)).hasMessageContaining("condition of 2");
            assertThatThrownBy(() -> x.rowSum(new boolean[2])).hasMessageContaining("mask of 2");
            assertThatThrownBy(() -> tape.gradients(Map.of(x, new double[1]))).hasMessageContaining("seed of 1");
        }

        @Test
        void termsOfAnotherTape() {
            Tape other = new Tape(tape.layout());
            Term foreign = other.variable(Domain.TOKEN, new double[3]);
            Term x = tokens(1, 2, 3);
            assertThatThrownBy(() -> x.plus(foreign)).hasMessageContaining("another tape");
            assertThatThrownBy(() -> tape.gradients(Map.of(foreign, new double[3])))
                    .hasMessageContaining("another tape");
        }

        @Test
        void groupsOfAnotherBatch() {
            Term rows = tape.variable(Domain.ROW, new double[3]);
            assertThatThrownBy(() -> rows.groupMean(Groups.of(new int[2], null)))
                    .hasMessageContaining("2 rows");
        }

        @Test
        void aCustomResultOfTheWrongLength() {
            Term x = tokens(1, 2, 3);
            assertThatThrownBy(() -> tape.custom(
                            Domain.ROW, java.util.List.of(x), in -> new double[2], (in, y, up, gradients) -> {}))
                    .hasMessageContaining("ROW")
                    .hasMessageContaining("3 numbers, not 2");
        }
    }
}
