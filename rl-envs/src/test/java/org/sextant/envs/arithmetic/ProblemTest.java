// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.environment.Split;

class ProblemTest {
    @ParameterizedTest
    @CsvSource({
        "47, +, 85, 132, add.2d.2c",
        "40, +, 5, 45, add.2d.0c",
        "999, +, 1, 1000, add.3d.3c",
        "0, +, 0, 0, add.1d.0c",
        "5, +, 5, 10, add.1d.1c",
        "52, -, 9, 43, sub.2d.1c",
        "1000, -, 1, 999, sub.4d.3c",
        "9, -, 52, -43, sub.2d.1c",
        "58, -, 23, 35, sub.2d.0c",
        "12, *, 12, 144, mul.2d.0c",
        "99, *, 9, 891, mul.2d.2c",
        "25, *, 4, 100, mul.2d.2c",
        "7, *, 0, 0, mul.1d.0c"
    })
    void resultAndDifficultyByHand(long a, String sign, long b, long result, String difficulty) {
        Problem problem = new Problem(Operator.of(sign).orElseThrow(), a, b);
        assertThat(problem.result()).isEqualTo(result);
        assertThat(problem.difficulty()).isEqualTo(difficulty);
        assertThat(problem.text()).isEqualTo(a + sign + b);
    }

    @Test
    void swappedSumsAndProductsAreOfOneSplit() {
        int held = 0;
        for (int a = 0; a < 100; a++) {
            for (int b = 0; b < 100; b++) {
                for (Operator operator : new Operator[] {Operator.ADD, Operator.MULTIPLY}) {
                    Split split = new Problem(operator, a, b).split(0.2);
                    assertThat(new Problem(operator, b, a).split(0.2)).isEqualTo(split);
                    held += split == Split.EVALUATION && operator == Operator.ADD ? 1 : 0;
                }
            }
        }
        // 5,050 unordered pairs: one standard deviation of the share is 0.6 points.
        assertThat(held / 10_000.0).isCloseTo(0.2, within(0.025));
    }

    /** Results are comparable only as long as the same problems are held out: a change of this is a change of the task. */
    @Test
    void whatIsHeldOutNeverChanges() {
        assertThat(java.util.stream.LongStream.range(0, 30)
                        .filter(b -> new Problem(Operator.ADD, 47, b).split(0.2) == Split.EVALUATION))
                .containsExactly(7L, 10L, 14L, 21L, 22L);
    }

    @Test
    void aLargerShareHoldsOutTheSameAndMore() {
        for (int a = 0; a < 100; a++) {
            Problem problem = new Problem(Operator.SUBTRACT, 99, a);
            if (problem.split(0.1) == Split.EVALUATION) {
                assertThat(problem.split(0.3)).isEqualTo(Split.EVALUATION);
            }
        }
    }
}
