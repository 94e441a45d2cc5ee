// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Tensor;

/**
 * Room for the activations of a model. Every part grows to the largest size asked for and allocates nothing after that; what was in it
 * is lost when it grows. One owner closes it; one thread uses it.
 */
public sealed interface ActivationBuffers extends AutoCloseable permits InferenceBuffers, TrainingBuffers {
    /** Pages for the keys and values of a micro-batch; a decoder has pages of its own. */
    KeyValuePages pages(int count);

    /** Room for a chunk of predictions; rows beyond {@code rows} may be there and mean nothing. */
    HeadBuffers head(int rows);

    /** Room for the output of a scalar head or its gradient, [rows, 1]. */
    Tensor scores(int rows);

    /** Bytes held now. */
    long bytes();

    @Override
    void close();
}
