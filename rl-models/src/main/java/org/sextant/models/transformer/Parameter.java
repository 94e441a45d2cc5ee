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
    private final boolean decays;
    private final List<Part> parts;
    private Tensor gradient;

    Parameter(String name, Tensor value, boolean decays, List<Part> parts) {
        this.name = name;
        this.value = value;
        this.decays = decays;
        this.parts = List.copyOf(parts);
    }

    /**
     * Rows of the parameter under the name that they have in files.
     *
     * @param vector whether the file's tensor has one dimension (norms)
     */
    public record Part(String name, int firstRow, int rows, boolean vector) {}

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

    /** Whether weight decay applies: to matrices, not to norms. */
    public boolean decays() {
        return decays;
    }

    /** The parts by which files know it, in the order of rows. */
    public List<Part> parts() {
        return parts;
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

    /** Makes room for the gradient, zeroed, unless it is there. */
    void allocateGradient(MemoryArena arena) {
        if (gradient == null) {
            gradient = arena.allocateLike(name + " (gradient)", value);
        }
    }

    @Override
    public String toString() {
        return name + "[" + value.rows() + ", " + value.columns() + "]";
    }
}
