// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.sextant.api.experience.Domain;
import org.sextant.api.output.Output;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.InferenceBuffers;
import org.sextant.models.transformer.Transformer;

/** Forward passes that keep no activations, as many rows at once as fit into a number of tokens. */
final class Scoring implements AutoCloseable {
    /** Tokens in one pass, unless a single row has more. */
    static final int AT_ONCE = 2048;

    private final Transformer transformer;
    private final ModelOutputs outputs;
    private final FiniteCheck check;
    private final InferenceBuffers buffers;

    Scoring(Transformer transformer, ModelOutputs outputs, String role) {
        this.transformer = transformer;
        this.outputs = outputs;
        this.check = new FiniteCheck(transformer);
        this.buffers = transformer.inferenceBuffers(role + "_activations");
    }

    Map<Output, double[]> score(Sequences all, Set<Output> wanted, double temperature) {
        Map<Output, double[]> values = new LinkedHashMap<>();
        wanted.forEach(output -> values.put(output, new double[all.layout().size(output.domain())]));
        int to;
        for (int from = 0; from < all.layout().rows(); from = to) {
            to = all.sliceEnd(from, AT_ONCE);
            Sequences slice = all.slice(from, to);
            pass(slice, wanted, temperature).forEach((output, numbers) -> {
                int at = slice.firstToken() + (output.domain() == Domain.STATE ? slice.firstRow() : 0);
                System.arraycopy(numbers, 0, values.get(output), at, numbers.length);
            });
        }
        return values;
    }

    private Map<Output, double[]> pass(Sequences slice, Set<Output> wanted, double temperature) {
        Segments segments = slice.segments();
        KeyValuePages pages = buffers.pages(slice.pages());
        Tensor hidden = transformer.hidden(slice.tokens(), segments, pages, buffers);
        check.hidden(hidden, slice, segments, pages, buffers);
        Map<Output, double[]> values = outputs.forward(hidden, slice, wanted, temperature, buffers);
        check.outputs("", values, slice);
        return values;
    }

    /** For the search after a non-finite number in another pass. */
    InferenceBuffers buffers() {
        return buffers;
    }

    @Override
    public void close() {
        buffers.close();
    }
}
