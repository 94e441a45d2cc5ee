// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;

/**
 * What a family's files call its modules. The weight of a module is {@code <module>.weight}, its bias {@code <module>.bias}. Where a list is
 * returned, its modules read the same input and are one product here, in that order of rows.
 */
interface WeightNames {
    String embedding();

    /** Learnt positions; only asked for where there are any. */
    String positions();

    String vocabularyHead();

    String finalNorm();

    /** What the names of layer {@code i} begin with. */
    String layer(int i);

    String attentionNorm(int layer);

    /** Queries, keys, values. */
    List<String> qkv(int layer);

    /** Norm of a query's or key's head; only asked for where there is one. */
    String queryNorm(int layer);

    String keyNorm(int layer);

    String attentionOutput(int layer);

    String feedForwardNorm(int layer);

    /** What the feed-forward layer's activation reads. */
    List<String> feedForwardInput(int layer);

    String feedForwardOutput(int layer);

    /** Whether files store the projections of blocks as [in, out]. */
    boolean projectionsTransposed();
}
