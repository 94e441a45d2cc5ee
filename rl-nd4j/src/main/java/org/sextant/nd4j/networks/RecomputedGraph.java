// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.Arrays;
import java.util.List;
import org.sextant.models.decoding.NextTokens;

/** A graph that carries nothing from token to token: each one costs a pass over the whole row. */
record RecomputedGraph(GraphNetwork network, GraphOutputs outputs, NativeMemory memory) implements NextTokens<Void> {
    @Override
    public int vocabulary() {
        return network.shape().vocabulary();
    }

    @Override
    public int context() {
        return network.shape().context();
    }

    @Override
    public int tokensAtOnce() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Void begin() {
        return null;
    }

    @Override
    public Void copy(Void state) {
        return null;
    }

    @Override
    public void feed(List<Piece<Void>> pieces, double[][] logits) {
        List<int[]> rows = pieces.stream()
                .map(piece -> Arrays.copyOf(piece.tokens(), piece.to()))
                .toList();
        Columns said = network.said(rows).get(outputs.logits());
        for (int i = 0; i < rows.size(); i++) {
            said.read(i, rows.get(i).length - 1, logits[i]);
        }
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        memory.passed((long) longest * rows.size());
    }
}
