// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every backward primitive of the oracle against central differences of its forward primitive. */
class ReferenceGradientsTest {
    private final Kernels k = new ReferenceKernels();
    private final MemoryArena arena = k.arena("test");

    private Tensor random(String name, int rows, int columns) {
        return Numbers.random(k, arena, name, rows, columns, name.hashCode());
    }

    private Tensor weight(String name, int rows, int columns) {
        return Numbers.weight(k, arena, name, rows, columns, name.hashCode());
    }

    private Tensor weightZeros(String name, int rows, int columns) {
        return arena.allocateWeight(name, rows, columns, WeightFormat.FLOAT);
    }

    private Tensor zeros(String name, int rows, int columns) {
        return arena.allocate(name, rows, columns);
    }

    @Test
    void linear() {
        Tensor x = random("x", 4, 5);
        Tensor w = weight("w", 3, 5);
        Tensor y = zeros("y", 4, 3);
        Tensor dy = random("dy", 4, 3);
        DoubleSupplier loss = () -> {
            k.linear(x, 4, w, null, y);
            return Numbers.dot(k, dy, y);
        };
        Tensor dx = zeros("dx", 4, 5);
        Tensor dw = weightZeros("dw", 3, 5);
        k.linearBackwardInput(dy, 0, 4, w, dx, false);
        k.linearBackwardWeight(dy, 0, x, 4, dw);
        Numbers.assertGradient(k, loss, x, dx);
        Numbers.assertGradient(k, loss, w, dw);
    }

    @Test
    void linearWithBias() {
        Tensor x = random("x", 4, 5);
        Tensor w = weight("w", 3, 5);
        Tensor bias = random("bias", 3, 1);
        Tensor y = zeros("y", 4, 3);
        Tensor dy = random("dy", 4, 3);
        DoubleSupplier loss = () -> {
            k.linear(x, 4, w, bias, y);
            return Numbers.dot(k, dy, y);
        };
        Tensor dBias = zeros("dBias", 3, 1);
        k.biasBackward(dy, 4, dBias);
        Numbers.assertGradient(k, loss, bias, dBias);
    }

    @Test
    void linearInAWindow() {
        Tensor x = random("x", 4, 5);
        Tensor w = weight("w", 3, 5);
        Tensor before = random("before", 4, 6);
        Tensor y = zeros("y", 4, 6);
        Tensor dy = random("dy", 4, 6);
        DoubleSupplier loss = () -> {
            k.copy(before, y, 4);
            k.linearInto(x, 4, w, y, 2);
            return Numbers.dot(k, dy, y);
        };
        Tensor dx = zeros("dx", 4, 5);
        Tensor dw = weightZeros("dw", 3, 5);
        k.linearBackwardInput(dy, 2, 4, w, dx, false);
        k.linearBackwardWeight(dy, 2, x, 4, dw);
        Numbers.assertGradient(k, loss, x, dx);
        Numbers.assertGradient(k, loss, w, dw);
        Numbers.assertGradient(k, loss, before, dy);
    }

    @Test
    void learnedPositions() {
        int[] positions = {1, 0, 1};
        Tensor table = weight("table", 2, 3);
        Tensor before = random("before", 3, 3);
        Tensor y = zeros("y", 3, 3);
        Tensor dy = random("dy", 3, 3);
        DoubleSupplier loss = () -> {
            k.copy(before, y, 3);
            k.addRows(table, positions, 3, y);
            return Numbers.dot(k, dy, y);
        };
        Tensor dTable = weightZeros("dTable", 2, 3);
        k.scatterAddRows(dy, positions, 3, dTable);
        Numbers.assertGradient(k, loss, table, dTable);
    }

    @Test
    void gradientsOfLinearAreAddedWhereTheContractSaysSo() {
        Tensor x = random("x", 2, 3);
        Tensor w = weight("w", 2, 3);
        Tensor dy = random("dy", 2, 2);
        Tensor dx = zeros("dx", 2, 3);
        Tensor dw = weightZeros("dw", 2, 3);
        k.linearBackwardInput(dy, 0, 2, w, dx, false);
        double once = k.get(dx, 1, 2);
        k.linearBackwardInput(dy, 0, 2, w, dx, true);
        assertThat(k.get(dx, 1, 2)).isEqualTo(2 * once);
        k.linearBackwardInput(dy, 0, 2, w, dx, false);
        assertThat(k.get(dx, 1, 2)).isEqualTo(once);
        k.linearBackwardWeight(dy, 0, x, 2, dw);
        double first = k.get(dw, 1, 2);
        k.linearBackwardWeight(dy, 0, x, 2, dw);
        assertThat(k.get(dw, 1, 2)).isCloseTo(2 * first, within(1e-15));
    }

    @Test
    void embeddingWithRepeatedIds() {
        int[] ids = {2, 0, 2, 2, 1};
        Tensor table = random("table", 4, 3);
        Tensor y = zeros("y", 5, 3);
        Tensor dy = random("dy", 5, 3);
        DoubleSupplier loss = () -> {
            k.embed(ids, 5, table, y);
            return Numbers.dot(k, dy, y);
        };
        Tensor dTable = zeros("dTable", 4, 3);
        k.embedBackward(ids, 5, dy, dTable);
        Numbers.assertGradient(k, loss, table, dTable);
    }

    @Test
    void gatherAndScatterAreTransposes() {
        int[] index = {3, 1, 3};
        Tensor x = random("x", 4, 2);
        Tensor y = zeros("y", 3, 2);
        Tensor dy = random("dy", 3, 2);
        DoubleSupplier loss = () -> {
            k.gatherRows(x, index, 3, y);
            return Numbers.dot(k, dy, y);
        };
        Tensor dx = zeros("dx", 4, 2);
        k.scatterAddRows(dy, index, 3, dx);
        Numbers.assertGradient(k, loss, x, dx);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rmsNorm(boolean residual) {
        Tensor x = random("x", 3, 7);
        Tensor delta = residual ? random("delta", 3, 7) : null;
        Tensor w = random("w", 1, 7);
        Tensor y = zeros("y", 3, 7);
        Tensor inverse = zeros("inverse", 3, 1);
        Tensor dy = random("dy", 3, 7);
        Tensor sum = zeros("sum", 3, 7);
        DoubleSupplier loss = () -> {
            k.copy(x, sum, 3);
            k.rmsNorm(sum, delta, 3, w, 0.1, y, inverse);
            return Numbers.dot(k, dy, y);
        };
        loss.getAsDouble();
        Tensor dx = zeros("dx", 3, 7);
        Tensor dw = zeros("dw", 1, 7);
        k.rmsNormBackward(dy, sum, inverse, 3, w, dx, dw);
        Numbers.assertGradient(k, loss, x, dx);
        Numbers.assertGradient(k, loss, w, dw);
        if (residual) {
            Numbers.assertGradient(k, loss, delta, dx);
        }
    }

    @Test
    void rmsNormAddsToItsGradientsAndAllowsAFrozenWeight() {
        Tensor x = random("x", 2, 3);
        Tensor w = random("w", 1, 3);
        Tensor inverse = zeros("inverse", 2, 1);
        k.rmsNorm(x, null, 2, w, 1e-5, zeros("y", 2, 3), inverse);
        Tensor dy = random("dy", 2, 3);
        Tensor dx = zeros("dx", 2, 3);
        k.rmsNormBackward(dy, x, inverse, 2, w, dx, null);
        double once = k.get(dx, 1, 1);
        k.rmsNormBackward(dy, x, inverse, 2, w, dx, null);
        assertThat(k.get(dx, 1, 1)).isEqualTo(2 * once).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void layerNorm(boolean residual) {
        Tensor x = random("x", 3, 7);
        Tensor delta = residual ? random("delta", 3, 7) : null;
        Tensor w = random("w", 1, 7);
        Tensor b = random("b", 1, 7);
        Tensor y = zeros("y", 3, 7);
        Tensor statistics = zeros("statistics", 3, 2);
        Tensor dy = random("dy", 3, 7);
        Tensor sum = zeros("sum", 3, 7);
        DoubleSupplier loss = () -> {
            k.copy(x, sum, 3);
            k.layerNorm(sum, delta, 3, w, b, 0.1, y, statistics);
            return Numbers.dot(k, dy, y);
        };
        loss.getAsDouble();
        Tensor dx = zeros("dx", 3, 7);
        Tensor dw = zeros("dw", 1, 7);
        Tensor db = zeros("db", 1, 7);
        k.layerNormBackward(dy, sum, statistics, 3, w, dx, dw, db);
        Numbers.assertGradient(k, loss, x, dx);
        Numbers.assertGradient(k, loss, w, dw);
        Numbers.assertGradient(k, loss, b, db);
        k.layerNormBackward(dy, sum, statistics, 3, w, dx, null, null);
        k.scale(dx, 3, 0.5);
        Numbers.assertGradient(k, loss, x, dx);
    }

    @Test
    void headNorm() {
        Tensor x = random("x", 3, 12);
        Tensor w = random("w", 1, 5);
        Tensor inverse = zeros("inverse", 3, 2);
        Tensor y = zeros("y", 3, 12);
        Tensor dy = random("dy", 3, 12);
        DoubleSupplier loss = () -> {
            k.copy(x, y, 3);
            k.headNorm(y, 1, 2, 5, 3, w, 0.1, inverse);
            return Numbers.dot(k, dy, y);
        };
        loss.getAsDouble();
        Tensor dx = zeros("dx", 3, 12);
        k.copy(dy, dx, 3);
        Tensor dw = zeros("dw", 1, 5);
        k.headNormBackward(dx, x, inverse, 1, 2, 5, 3, w, dw);
        Numbers.assertGradient(k, loss, x, dx);
        Numbers.assertGradient(k, loss, w, dw);
    }

    @Test
    void gelu() {
        Tensor x = random("x", 3, 5);
        k.scale(x, 3, 2);
        Tensor y = zeros("y", 3, 5);
        Tensor dy = random("dy", 3, 5);
        DoubleSupplier loss = () -> {
            k.gelu(x, 3, y);
            return Numbers.dot(k, dy, y);
        };
        Tensor dx = random("dx", 3, 5);
        k.geluBackward(dy, x, 3, dx);
        Numbers.assertGradient(k, loss, x, dx);
    }

    @Test
    void dropout() {
        Tensor x = random("x", 4, 9);
        Tensor y = zeros("y", 4, 9);
        Tensor dy = random("dy", 4, 9);
        DoubleSupplier loss = () -> {
            k.dropout(x, 4, 0.4, 5, y);
            return Numbers.dot(k, dy, y);
        };
        Tensor dx = zeros("dx", 4, 9);
        k.dropoutBackward(dy, 4, 0.4, 5, dx);
        Numbers.assertGradient(k, loss, x, dx);
    }

    @Test
    void swiGlu() {
        Tensor gateUp = random("gateUp", 3, 10);
        Tensor y = zeros("y", 3, 5);
        Tensor dy = random("dy", 3, 5);
        DoubleSupplier loss = () -> {
            k.swiGlu(gateUp, 3, y);
            return Numbers.dot(k, dy, y);
        };
        Tensor dGateUp = random("dGateUp", 3, 10);
        k.swiGluBackward(dy, gateUp, 3, dGateUp);
        Numbers.assertGradient(k, loss, gateUp, dGateUp);
    }

    @Test
    void ropeTurnsBackItsGradient() {
        Segments segments = new Segments();
        segments.add(2, 0, new int[] {0});
        segments.add(2, 40, new int[] {1, 2});
        double[] frequencies = {1, 0.3, 0.01};
        Tensor x = random("x", 4, 14);
        Tensor turned = zeros("turned", 4, 14);
        Tensor dy = random("dy", 4, 14);
        DoubleSupplier loss = () -> {
            k.copy(x, turned, 4);
            k.rope(turned, 1, 2, 6, segments, frequencies, 1.2, false);
            return Numbers.dot(k, dy, turned);
        };
        Tensor dx = zeros("dx", 4, 14);
        k.copy(dy, dx, 4);
        k.rope(dx, 1, 2, 6, segments, frequencies, 1.2, true);
        Numbers.assertGradient(k, loss, x, dx);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 4", "6, 2, 3", "4, 4, 2"})
    void attention(int heads, int keyValueHeads, int headSize) {
        Segments segments = Numbers.sequences(3, 1, 5);
        int width = (heads + 2 * keyValueHeads) * headSize;
        KeyValuePages pages = arena.allocatePages("pages", 2, keyValueHeads, headSize, 3);
        Tensor qkv = random("qkv", 9, width);
        Tensor out = zeros("out", 9, heads * headSize);
        Tensor logSumExp = zeros("logSumExp", 9, heads);
        Tensor dOut = random("dOut", 9, heads * headSize);
        DoubleSupplier loss = () -> {
            k.storeKeyValues(qkv, heads * headSize, (heads + keyValueHeads) * headSize, segments, pages, 1);
            k.attention(qkv, heads, segments, pages, 1, 0.7, out, logSumExp);
            return Numbers.dot(k, dOut, out);
        };
        loss.getAsDouble();
        Tensor dQkv = random("dQkv", 9, width);
        k.attentionBackward(qkv, heads, segments, pages, 1, 0.7, out, logSumExp, dOut, dQkv);
        Numbers.assertGradient(k, loss, qkv, dQkv);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.7, 2})
    void vocabularyStatistics(double temperature) {
        int[] targets = {9, 1, 4, 0};
        Tensor logits = random("logits", 3, 5);
        double[] gLogProb = {0, 0.5, -2, 1};
        double[] gEntropy = {0, 1.5, -1, 0.3};
        double[] gSum = {0, -0.7, 2, 1};
        double[] logProb = new double[4];
        double[] entropy = new double[4];
        double[] sum = new double[4];
        DoubleSupplier loss = () -> {
            k.vocabularyStatistics(logits, 3, targets, 1, temperature, logProb, entropy, sum);
            double total = 0;
            for (int i = 1; i < 4; i++) {
                total += gLogProb[i] * logProb[i] + gEntropy[i] * entropy[i] + gSum[i] * sum[i];
            }
            return total;
        };
        Tensor dLogits = zeros("dLogits", 3, 5);
        k.vocabularyStatisticsBackward(logits, 3, targets, 1, temperature, gLogProb, gEntropy, gSum, dLogits);
        Numbers.assertGradient(k, loss, logits, dLogits);
        k.vocabularyStatisticsBackward(logits, 3, targets, 1, temperature, gLogProb, gEntropy, gSum, logits);
        assertThat(Numbers.read(k, logits)).as("in place").isDeepEqualTo(Numbers.read(k, dLogits));
    }
}
