// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.nd4j.kernels.Scratch.Slot;

/**
 * GELU in the form with tanh, as {@code x · sigmoid(2u)} with u = sqrt(2/π) · (x + 0.044715 x³), which is the same function; and SwiGLU. ND4J's
 * own precise GELU has an approximate derivative.
 */
final class Activations {
    private static final double TWICE_ROOT = 2 * Math.sqrt(2 / Math.PI);
    private static final double CUBE = 0.044715 * TWICE_ROOT;

    private final Scratch scratch;
    private final Operations operations;

    Activations(Scratch scratch, Operations operations) {
        this.operations = operations;
        this.scratch = scratch;
    }

    void gelu(INDArray x, INDArray y) {
        INDArray gate = gate(x);
        operations.multiply(x, gate, y);
    }

    /** sigmoid(2u). */
    private INDArray gate(INDArray x) {
        INDArray t = scratch.matrix(Slot.A, x.size(0), x.size(1));
        operations.multiply(x, x, t);
        operations.scale(t, CUBE, t);
        operations.shift(t, TWICE_ROOT, t);
        operations.multiply(t, x, t);
        operations.sigmoid(t, t);
        return t;
    }

    /** With σ = sigmoid(2u): {@code dx = dy · (σ + x · σ · (1 − σ) · 2u')}; {@code dx} may be {@code dy}. */
    void geluBackward(INDArray dy, INDArray x, INDArray dx) {
        INDArray gate = gate(x);
        INDArray t = scratch.matrix(Slot.B, x.size(0), x.size(1));
        INDArray slope = scratch.matrix(Slot.C, x.size(0), x.size(1));
        operations.multiply(x, x, t);
        operations.scale(t, 3 * CUBE, t);
        operations.shift(t, TWICE_ROOT, t);
        operations.multiply(t, x, t);
        operations.multiply(t, gate, t);
        operations.scale(gate, -1, slope);
        operations.shift(slope, 1, slope);
        operations.multiply(t, slope, t);
        operations.add(t, gate, t);
        operations.multiply(dy, t, dx);
    }

    /** {@code y = silu(gate) · up}. @param gateUp columns [gate | up] of rows */
    void swiGlu(Nd4jTensor gateUp, int rows, INDArray y) {
        int n = gateUp.columns() / 2;
        INDArray gate = part(gateUp, 0, rows, Slot.A);
        INDArray up = part(gateUp, n, rows, Slot.B);
        INDArray sigmoid = scratch.matrix(Slot.C, rows, n);
        operations.sigmoid(gate, sigmoid);
        operations.multiply(gate, sigmoid, gate);
        operations.multiply(gate, up, y);
    }

    /** With σ = sigmoid(gate): dUp = dy · gate · σ, dGate = dy · up · σ · (1 + gate · (1 − σ)). */
    void swiGluBackward(INDArray dy, Nd4jTensor gateUp, int rows, Nd4jTensor dGateUp) {
        int n = gateUp.columns() / 2;
        INDArray gate = part(gateUp, 0, rows, Slot.A);
        INDArray up = part(gateUp, n, rows, Slot.B);
        INDArray sigmoid = scratch.matrix(Slot.C, rows, n);
        INDArray t = scratch.matrix(Slot.D, rows, n);
        operations.sigmoid(gate, sigmoid);
        operations.multiply(up, dy, up);
        operations.multiply(up, sigmoid, up);
        operations.multiply(gate, sigmoid, t);
        operations.multiply(t, dy, t);
        dGateUp.columns(n, n, rows).assign(t);
        operations.scale(sigmoid, -1, sigmoid);
        operations.shift(sigmoid, 1, sigmoid);
        operations.multiply(gate, sigmoid, gate);
        operations.shift(gate, 1, gate);
        operations.multiply(up, gate, up);
        dGateUp.columns(0, n, rows).assign(up);
    }

    /** A copy whose rows follow one another: on windows ND4J is several times slower. */
    private INDArray part(Nd4jTensor gateUp, int first, int rows, Slot slot) {
        INDArray copy = scratch.matrix(slot, rows, gateUp.columns() / 2);
        copy.assign(gateUp.columns(first, gateUp.columns() / 2, rows));
        return copy;
    }
}
