// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sextant.api.experience.Domain;
import org.sextant.api.output.Output;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.InferenceBuffers;
import org.sextant.models.transformer.NonFiniteRows;
import org.sextant.models.transformer.Transformer;

/** Catches numbers that are not finite in the pass in which they appear; the search for the first runs only after a hit. */
final class FiniteCheck {
    private final Transformer transformer;

    FiniteCheck(Transformer transformer) {
        this.transformer = transformer;
    }

    void hidden(Tensor hidden, Sequences batch, Segments segments, KeyValuePages pages, InferenceBuffers buffers) {
        if (transformer.kernels().firstNonFiniteRow(hidden, segments.totalRows()) >= 0) {
            NonFiniteRows first = transformer
                    .firstNonFinite(batch.tokens(), segments, pages, buffers)
                    .orElseThrow();
            throw new NonFiniteException(first.tensor(), batch.batchRows(first.rows()));
        }
    }

    /** @param what {@code ""} for values, {@code "the gradient of "} for what comes back from a loss */
    void outputs(String what, Map<Output, double[]> values, Sequences batch) {
        values.forEach((output, numbers) -> {
            int[] bad = IntStream.range(0, numbers.length)
                    .filter(i -> !Double.isFinite(numbers[i]))
                    .toArray();
            if (bad.length > 0) {
                throw new NonFiniteException(what + "output " + output.name(), rows(output.domain(), bad, batch));
            }
        });
    }

    private static int[] rows(Domain domain, int[] index, Sequences batch) {
        if (domain == Domain.TOKEN) {
            return batch.batchRows(index);
        }
        return IntStream.range(0, batch.layout().rows())
                .filter(row -> IntStream.of(index)
                        .anyMatch(i -> batch.layout().stateStart(row) <= i
                                && i
                                        <= batch.layout().stateStart(row)
                                                + batch.layout().length(row)))
                .map(row -> batch.firstRow() + row)
                .toArray();
    }

    /** @param last gradient that a backward pass computed last: whatever was not finite before it has reached it */
    void gradients(Tensor last, Sequences batch) {
        NonFiniteRows.find(transformer.kernels(), "the " + last.name(), last, batch.tokens().length)
                .ifPresent(reached -> {
                    Optional<NonFiniteRows> first = transformer.firstNonFiniteGradient();
                    throw new NonFiniteException(first.orElse(reached).tensor(), batch.batchRows(reached.rows()));
                });
    }
}
