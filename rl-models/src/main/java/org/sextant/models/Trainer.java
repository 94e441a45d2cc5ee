// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Map;
import java.util.Set;
import org.sextant.api.output.Output;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.InferenceBuffers;
import org.sextant.models.transformer.TrainingBuffers;
import org.sextant.models.transformer.Transformer;

/** Forward passes that keep their activations, and the backward pass of the latest. */
final class Trainer implements AutoCloseable {
    private final Transformer transformer;
    private final ModelOutputs outputs;
    private final FiniteCheck check;
    private final InferenceBuffers spare;
    private final TrainingBuffers buffers;
    private final MemoryArena gradients;

    private long number;
    private Segments segments;
    private KeyValuePages pages;
    private Tensor hidden;

    /**
     * @param spare buffers for the search after a non-finite number
     * @param recompute whether a block's activations are computed again in the backward pass
     */
    Trainer(Transformer transformer, ModelOutputs outputs, InferenceBuffers spare, String role, boolean recompute) {
        this.transformer = transformer;
        this.outputs = outputs;
        this.check = new FiniteCheck(transformer);
        this.spare = spare;
        this.buffers = transformer.trainingBuffers(role + "_activations", recompute);
        this.gradients = gradients(transformer, role);
    }

    private static MemoryArena gradients(Transformer transformer, String role) {
        MemoryArena arena = transformer.kernels().arena(role + "_gradients");
        return Unowned.orGiveBack(arena::close, () -> {
            transformer.allocateGradients(arena);
            return arena;
        });
    }

    ForwardPass forward(Sequences batch, Set<Output> wanted, double temperature, long dropoutSeed) {
        number++;
        buffers.dropout(dropoutSeed);
        segments = batch.segments();
        pages = buffers.pages(batch.pages());
        hidden = transformer.hidden(batch.tokens(), segments, pages, buffers);
        check.hidden(hidden, batch, segments, pages, spare);
        Map<Output, double[]> values = outputs.forward(hidden, batch, wanted, temperature, buffers);
        check.outputs("", values, batch);
        long pass = number;
        return new ForwardPass(values, gradients -> backward(pass, batch, gradients, temperature));
    }

    private void backward(long pass, Sequences batch, Map<Output, double[]> given, double temperature) {
        if (pass != number) {
            throw new IllegalStateException("forward pass " + pass + " of this model can no longer go backward: pass "
                    + number + " has taken its activations over");
        }
        check.outputs("the gradient of ", given, batch);
        Kernels kernels = transformer.kernels();
        int rows = segments.totalRows();
        Tensor dHidden = buffers.hiddenGradient(rows);
        kernels.zero(dHidden, rows);
        outputs.backward(hidden, batch, given, temperature, buffers, dHidden);
        Tensor last = transformer.backward(batch.tokens(), segments, pages, buffers);
        check.gradients(last, batch);
    }

    long activationBytes() {
        return buffers.bytes();
    }

    long gradientBytes() {
        return gradients.bytes();
    }

    @Override
    public void close() {
        buffers.close();
        gradients.close();
    }
}
