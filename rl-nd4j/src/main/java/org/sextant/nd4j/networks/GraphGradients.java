// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sextant.models.NonFiniteException;
import org.sextant.models.files.ModelFileException;

/** The sum of a graph's gradients since a step: Deeplearning4j's own backward pass writes over the last one. */
final class GraphGradients implements AutoCloseable {
    private final ComputationGraph graph;
    private INDArray sum;
    private Gradient latest;

    GraphGradients(ComputationGraph graph) {
        this.graph = graph;
    }

    /** All gradients in a row, in the order of the graph's weights. */
    INDArray sum() {
        if (sum == null) {
            sum = Nd4j.create(graph.params().dataType(), 1, graph.numParams());
        }
        return sum;
    }

    /** Goes backward from the errors of every output. */
    void add(Map<String, Columns> errors, DataType type) {
        INDArray[] external = graph.getConfiguration().getNetworkOutputs().stream()
                .map(output -> errors.get(output).array(type))
                .toArray(INDArray[]::new);
        try {
            latest = graph.backpropGradient(external);
        } catch (IllegalStateException e) {
            throw new ModelFileException(
                    "Deeplearning4j cannot go backward through the graph: " + e.getMessage()
                            + "; a FrozenLayer above one that is trained stops gradients: FrozenLayerWithBackprop does"
                            + " not",
                    e);
        }
        sum().addi(graph.getFlattenedGradients().reshape(sum().shape()));
    }

    /** What the graph's updater takes: its gradients by name, which now hold the sum; empty if nothing went backward yet. */
    Optional<Gradient> summed() {
        if (latest != null) {
            graph.getFlattenedGradients()
                    .assign(sum().reshape(graph.getFlattenedGradients().shape()));
        }
        return Optional.ofNullable(latest);
    }

    /** Their global norm. */
    double norm() {
        double norm = sum().norm2Number().doubleValue();
        if (!Double.isFinite(norm)) {
            throw new NonFiniteException("the gradient of the network", new int[0]);
        }
        return norm;
    }

    void zero() {
        sum().assign(0);
    }

    long bytes() {
        return sum == null ? 0 : 2 * sum.length() * sum.dataType().width();
    }

    @Override
    public void close() {
        if (sum != null) {
            sum.close();
        }
    }
}
