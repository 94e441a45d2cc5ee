// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.files.ModelFileException;

/**
 * How a graph takes tokens: as ids [rows, time] where an embedding reads them, else as one-hot columns [rows, ids, time].
 *
 * @param ids number of ids that it can read
 * @param oneHot whether they are columns
 * @param type of its numbers
 */
record GraphInput(int ids, boolean oneHot, DataType type) {
    /** @throws ModelFileException if the graph has not one input, read by layers that say how wide it is */
    static GraphInput of(ComputationGraphConfiguration graph) {
        if (graph.getNetworkInputs().size() != 1) {
            throw new ModelFileException(
                    "the graph has the inputs " + graph.getNetworkInputs() + "; a policy has one, the tokens");
        }
        String input = graph.getNetworkInputs().getFirst();
        for (var entry : graph.getVertexInputs().entrySet()) {
            if (entry.getValue().contains(input)
                    && graph.getVertices().get(entry.getKey()) instanceof LayerVertex vertex) {
                Layer layer = vertex.getLayerConf().getLayer();
                if (layer instanceof FeedForwardLayer reader) {
                    return new GraphInput(
                            Math.toIntExact(reader.getNIn()),
                            !(layer instanceof EmbeddingSequenceLayer),
                            vertex.getLayerConf().getDataType());
                }
            }
        }
        throw new ModelFileException("no layer reads the input '" + input + "' that says how many ids it knows: let an"
                + " EmbeddingSequenceLayer read it (ids [rows, time]), or a"
                + " recurrent layer (one-hot [rows, ids, time])");
    }

    /** Rows side by side, filled up at their ends: later tokens do not matter to earlier ones, and nothing is read off the filling. */
    INDArray of(List<int[]> rows) {
        int time = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
        double[] numbers = new double[rows.size() * time * (oneHot ? ids : 1)];
        for (int r = 0; r < rows.size(); r++) {
            int[] row = rows.get(r);
            for (int t = 0; t < row.length; t++) {
                if (oneHot) {
                    numbers[(r * ids + row[t]) * time + t] = 1;
                } else {
                    numbers[r * time + t] = row[t];
                }
            }
        }
        long[] shape = oneHot ? new long[] {rows.size(), ids, time} : new long[] {rows.size(), time};
        return Numbers.array(numbers, type, shape);
    }
}
