// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/**
 * A weight with its gradient. Projections that read the same input are one tensor ([q | k | v], [gate | up]), so that each is one product; in
 * files every {@link Part} has the name and rows that {@code transformers} gives it.
 */
public final class Parameter {
    private final String name;
    private final Tensor value;
    private final Kind kind;
    private final List<Part> parts;
    private boolean trains = true;
    private Tensor gradient;

    Parameter(String name, Tensor value, Kind kind, List<Part> parts) {
        this.name = name;
        this.value = value;
        this.kind = kind;
        this.parts = List.copyOf(parts);
    }

    /**
     * A weight of somebody else's network with its gradient, both held there: something for an optimiser to move.
     *
     * @param gradient as large as the value
     */
    public static Parameter of(String name, Tensor value, Tensor gradient, Kind kind) {
        Parameter parameter = new Parameter(
                name,
                value,
                kind,
                List.of(new Part(name, 0, value.rows(), kind == Kind.BIAS ? Form.VECTOR : Form.MATRIX)));
        parameter.gradient = gradient;
        return parameter;
    }

    /** What a parameter is to the model. */
    public enum Kind {
        /** The weight of a product, or a table of embeddings. */
        MATRIX,
        /** The factor A of an adapter. */
        DOWN,
        /** Its factor B. */
        UP,
        /** What a norm multiplies by. */
        NORM,
        /** What is added. */
        BIAS
    }

    /**
     * Rows of the parameter under the name that they have in files.
     *
     * @param name name in files
     */
    public record Part(String name, int firstRow, int rows, Form form) {}

    /** How files store a part of shape [rows, columns]. */
    public enum Form {
        /** As it is. */
        MATRIX,
        /** As [columns, rows]. */
        TRANSPOSED,
        /** With one dimension: a norm [1, columns] or a bias [rows, 1]. */
        VECTOR
    }

    /** Name of a scalar head's weight; {@code score} is what {@code LlamaForSequenceClassification} calls it. */
    public static String nameOf(Head head) {
        return switch (head) {
            case VALUE -> "value_head.weight";
            case SCORE -> "score.weight";
        };
    }

    public String name() {
        return name;
    }

    public Tensor value() {
        return value;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether weight decay applies: to matrices, not to norms and biases. */
    public boolean decays() {
        return kind != Kind.NORM && kind != Kind.BIAS;
    }

    /** The parts by which files know it, in the order of rows. */
    public List<Part> parts() {
        return parts;
    }

    /** Whether it is trained; a frozen weight never has a gradient. */
    public boolean trains() {
        return trains;
    }

    void freeze() {
        trains = false;
    }

    /** Sum of the gradients since it was last zeroed; fails for a model that was never trained. */
    public Tensor gradient() {
        if (gradient == null) {
            throw new IllegalStateException(name + " has no gradient: nothing was computed backward yet");
        }
        return gradient;
    }

    public boolean hasGradient() {
        return gradient != null;
    }

    /** Where a backward pass adds its gradient; null if it is frozen. */
    Tensor gradientIfTrained() {
        return trains ? gradient() : null;
    }

    /** Makes room for the gradient, zeroed, unless it is there or is never needed. */
    void allocateGradient(MemoryArena arena) {
        if (trains && gradient == null) {
            gradient = arena.allocateLike(name + " (gradient)", value);
        }
    }

    @Override
    public String toString() {
        return name + "[" + value.rows() + ", " + value.columns() + "]";
    }
}
