// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.optimiser;

import java.nio.file.Path;
import org.sextant.models.NonFiniteException;
import org.sextant.models.files.ModelFileException;

/** Moves a model's weights by the gradients that backward passes have added up. It belongs to one model and is closed before it. */
public interface Optimiser extends AutoCloseable {
    /**
     * What a step did.
     *
     * @param number steps taken, this one included
     * @param learningRate as used
     * @param gradientNorm global norm before clipping
     */
    record Step(long number, double learningRate, double gradientNorm) {}

    /** Steps taken so far. */
    long steps();

    /** Bytes held. */
    long bytes();

    /**
     * Moves the weights, then zeroes the gradients.
     *
     * @throws NonFiniteException if a gradient is not finite; nothing has moved then
     */
    Step step();

    /** Writes what it remembers from step to step. Gradients are not state: save between steps. */
    void save(Path file);

    /**
     * Reads back what {@link #save} wrote for a model of the same shape.
     *
     * @throws ModelFileException if the file is missing, damaged, or of another model
     */
    void load(Path file);

    @Override
    void close();
}
