// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.samediff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

@DisplayName("Gradients that SameDiff 1.0.0-M2.1 gets wrong; a version that gets them right may simplify Graph")
class SameDiffFactsTest {
    @Test
    @DisplayName("gather reads the incoming gradient at the places that it took from; [10, 1] is right")
    void gatherOfAPermutation() {
        double[] gradient = gradient(new double[] {5, 6}, (sd, x) -> weighted(sd, x, new int[] {1, 0}, 1, 10));
        assertThat(gradient).containsExactly(1, 10);
    }

    @Test
    @DisplayName("gather does not add up where an index repeats; [0, 11] is right")
    void gatherOfARepeatedIndex() {
        double[] gradient = gradient(new double[] {5, 6}, (sd, x) -> weighted(sd, x, new int[] {1, 1}, 1, 10));
        assertThat(gradient).containsExactly(0, 10);
    }

    @Test
    @DisplayName("min gives both sides the whole gradient where they are equal; 1 is right inside of PPO's clip range")
    void min() {
        double[] gradient = gradient(
                new double[] {0.5, 1, 1.5}, (sd, ratio) -> sd.math.min(ratio, sd.math.clipByValue(ratio, 0.8, 1.2)));
        assertThat(gradient).containsExactly(1, 2, 0);
    }

    private static SDVariable weighted(SameDiff sd, SDVariable x, int[] index, double... weights) {
        SDVariable taken = sd.gather(x, sd.constant(Nd4j.createFromArray(index)), 0);
        return taken.mul(sd.constant(Nd4j.createFromArray(weights)));
    }

    private static double[] gradient(double[] at, BiFunction<SameDiff, SDVariable, SDVariable> f) {
        SameDiff sd = Graph.empty();
        f.apply(sd, sd.var("x", Nd4j.createFromArray(at))).sum().rename("loss");
        return Graph.valueAndGradient(sd, "loss", "x").getGradients().get("x").toDoubleVector();
    }
}
