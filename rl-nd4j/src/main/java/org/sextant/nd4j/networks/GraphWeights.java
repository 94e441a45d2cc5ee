// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Parameter.Kind;
import org.sextant.nd4j.kernels.Nd4jTensor;

/** A graph's weights one by one. */
final class GraphWeights {
    private GraphWeights() {}

    /** SHA-256 over names, shapes and values. */
    static String hash(ComputationGraph graph) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Map.Entry<String, INDArray> weight : graph.paramTable().entrySet()) {
                String name =
                        weight.getKey() + Arrays.toString(weight.getValue().shape());
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                double[] numbers = Numbers.of(weight.getValue());
                ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length);
                bytes.asDoubleBuffer().put(numbers);
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /**
     * What an optimiser moves: weights where they lie in the graph, with their part of a sum of gradients. Frozen layers are left out.
     *
     * @param gradients as many numbers as the graph has weights, in their order
     */
    static List<Parameter> trained(ComputationGraph graph, INDArray gradients) {
        List<Parameter> parameters = new ArrayList<>();
        INDArray all = graph.params();
        long at = 0;
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            if (!vertex.hasLayer()) {
                continue;
            }
            Layer layer = vertex.getLayer();
            ParamInitializer kinds = layer.conf().getLayer().initializer();
            for (Map.Entry<String, INDArray> weight : layer.paramTable(false).entrySet()) {
                long length = weight.getValue().length();
                if (!(layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop)) {
                    String name = vertex.getVertexName() + "." + weight.getKey();
                    boolean matrix = kinds.isWeightParam(layer.conf().getLayer(), weight.getKey());
                    parameters.add(Parameter.of(
                            name,
                            part(name, all, at, length),
                            part(name + " (gradient)", gradients, at, length),
                            matrix ? Kind.MATRIX : Kind.BIAS));
                }
                at += length;
            }
        }
        return parameters;
    }

    private static Nd4jTensor part(String name, INDArray all, long from, long length) {
        INDArray flat = all.reshape(all.length());
        return Nd4jTensor.weight(
                name, 1, Math.toIntExact(length), flat.get(NDArrayIndex.interval(from, from + length)));
    }
}
