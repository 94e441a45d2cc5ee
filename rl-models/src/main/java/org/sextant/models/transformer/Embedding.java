// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;

/** Embedding of tokens and, where they are learnt, of positions: {@code x[i] = E[ids[i]] + P[position(i)]}. */
final class Embedding {
    private final Kernels kernels;
    private final Parameter tokens;
    private final Parameter positions;
    private int[] position = new int[0];

    /** @param positions null where positions are not learnt */
    Embedding(Kernels kernels, Parameter tokens, Parameter positions) {
        this.kernels = kernels;
        this.tokens = tokens;
        this.positions = positions;
    }

    /** Whether anything of it is trained. */
    boolean trains() {
        return tokens.trains() || positions != null && positions.trains();
    }

    void forward(int[] ids, Segments segments, Tensor x) {
        int rows = segments.totalRows();
        kernels.embed(ids, rows, tokens.value(), x);
        if (positions != null) {
            kernels.addRows(positions.value(), positionsOf(segments), rows, x);
        }
    }

    void backward(int[] ids, Segments segments, Tensor dx) {
        int rows = segments.totalRows();
        if (tokens.trains()) {
            kernels.embedBackward(ids, rows, dx, tokens.gradient());
        }
        if (positions != null && positions.trains()) {
            kernels.scatterAddRows(dx, positionsOf(segments), rows, positions.gradient());
        }
    }

    private int[] positionsOf(Segments segments) {
        if (position.length < segments.totalRows()) {
            position = new int[2 * segments.totalRows()];
        }
        for (int s = 0; s < segments.count(); s++) {
            for (int i = 0; i < segments.rows(s); i++) {
                position[segments.firstRow(s) + i] = segments.past(s) + i;
            }
        }
        return position;
    }
}
