// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.samediff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sextant.models.kernels.Device;
import org.sextant.nd4j.backend.Backend;

/** A SameDiff graph of doubles with one vector that receives a gradient. */
final class Graph {
    private static final String INPUT = "input";
    private static final String LOSS = "loss";
    private static final double TOLERANCE = 1e-12;

    private final SameDiff sd = empty();
    private final SDVariable input;

    Graph(double[] input) {
        this.input = sd.var(INPUT, Nd4j.createFromArray(input));
    }

    static SameDiff empty() {
        Backend.use(Device.CPU);
        return SameDiff.create();
    }

    /** What receives a gradient. */
    SDVariable input() {
        return input;
    }

    SDVariable constant(double... values) {
        return sd.constant(Nd4j.createFromArray(values));
    }

    /** 1 where it holds, else 0. */
    SDVariable indicator(boolean... condition) {
        double[] numbers = new double[condition.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = condition[i] ? 1 : 0;
        }
        return constant(numbers);
    }

    /** Matrix times vector; also to take numbers by index, since the gradient of SameDiff's own gather is wrong. */
    SDVariable product(double[][] matrix, SDVariable vector) {
        SDVariable column = sd.reshape(vector, matrix[0].length, 1);
        return sd.reshape(sd.mmul(sd.constant(Nd4j.createFromArray(matrix)), column), matrix.length);
    }

    SDVariable exp(SDVariable x) {
        return sd.math.exp(x);
    }

    SDVariable logSigmoid(SDVariable x) {
        return sd.nn.logSigmoid(x);
    }

    SDVariable clip(SDVariable x, double low, double high) {
        return sd.math.clipByValue(x, low, high);
    }

    /** SameDiff's own counts the gradient twice where both are equal, which is all of the inside of a clip range. */
    SDVariable min(SDVariable a, SDVariable b) {
        return a.sub(sd.nn.relu(a.sub(b), 0));
    }

    /** As {@link #min}. */
    SDVariable max(SDVariable a, SDVariable b) {
        return a.add(sd.nn.relu(b.sub(a), 0));
    }

    /**
     * Asserts that the tape found this loss and this gradient with respect to {@link #input}.
     *
     * @param loss one number
     */
    void assertAgrees(SDVariable loss, double value, double[] gradient) {
        loss.rename(LOSS);
        OutAndGrad expected = valueAndGradient(sd, LOSS, INPUT);
        assertNear("loss", value, expected.getOutputs().get(LOSS).getDouble(0));
        INDArray slopes = expected.getGradients().get(INPUT);
        assertThat(gradient).hasSize((int) slopes.length());
        for (int i = 0; i < gradient.length; i++) {
            assertNear("gradient " + i, gradient[i], slopes.getDouble(i));
        }
    }

    private static void assertNear(String what, double found, double expected) {
        assertThat(found).as(what).isCloseTo(expected, within(TOLERANCE * (1 + Math.abs(expected))));
    }

    /** Both at once, and without the line that SameDiff prints for each operation that it differentiates. */
    static OutAndGrad valueAndGradient(SameDiff sd, String loss, String of) {
        PrintStream kept = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            sd.setLossVariables(loss);
            return sd.calculateGradientsAndOutputs(Map.of(), List.of(loss), List.of(of));
        } finally {
            System.setOut(kept);
        }
    }
}
