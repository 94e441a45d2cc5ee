// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.decoding.NextTokens;
import org.sextant.models.network.NetworkShape;

/**
 * A graph token by token, with the states of its recurrent layers gathered from the rows of a step and given back to them. A row's state is the states of
 * all layers one after another, and zeros before the first token.
 */
final class SteppedGraph implements NextTokens<double[]> {
    private final ComputationGraph graph;
    private final GraphInput input;
    private final GraphOutputs outputs;
    private final NetworkShape shape;
    private final NativeMemory memory;
    private final List<Part> parts = new ArrayList<>();
    private int numbers;

    /** One array of a layer's state. */
    private record Part(String layer, String key, int from, int width) {}

    SteppedGraph(
            ComputationGraph graph, GraphInput input, GraphOutputs outputs, NetworkShape shape, NativeMemory memory) {
        this.graph = graph;
        this.input = input;
        this.outputs = outputs;
        this.shape = shape;
        this.memory = memory;
    }

    /** Name of the output that is read. */
    String output() {
        return outputs.logits();
    }

    @Override
    public int vocabulary() {
        return shape.vocabulary();
    }

    @Override
    public int context() {
        return shape.context();
    }

    @Override
    public int tokensAtOnce() {
        return 1;
    }

    @Override
    public double[] begin() {
        return new double[numbers()];
    }

    /** Found by one step of one row, the first time. */
    private int numbers() {
        if (parts.isEmpty()) {
            graph.rnnClearPreviousState();
            graph.rnnTimeStep(input.of(List.of(new int[1])));
            states().forEach((layer, arrays) -> arrays.forEach((key, array) -> {
                int width = Math.toIntExact(array.length());
                parts.add(new Part(layer, key, numbers, width));
                numbers += width;
            }));
            if (parts.isEmpty()) {
                throw new IllegalStateException("no layer of the graph carries a state");
            }
        }
        return numbers;
    }

    /** In an order of their names. */
    private Map<String, Map<String, INDArray>> states() {
        Map<String, Map<String, INDArray>> sorted = new TreeMap<>();
        graph.rnnGetPreviousStates().forEach((layer, arrays) -> sorted.put(layer, new TreeMap<>(arrays)));
        return sorted;
    }

    @Override
    public double[] copy(double[] state) {
        return state.clone();
    }

    @Override
    public void feed(List<Piece<double[]>> pieces, double[][] logits) {
        gather(pieces);
        List<int[]> tokens = pieces.stream()
                .map(piece -> new int[] {piece.tokens()[piece.from()]})
                .toList();
        INDArray[] said = graph.rnnTimeStep(input.of(tokens));
        scatter(pieces);
        int index = graph.getConfiguration().getNetworkOutputs().indexOf(outputs.logits());
        Columns columns = Columns.of(said[index]);
        for (int i = 0; i < pieces.size(); i++) {
            columns.read(i, 0, logits[i]);
        }
        memory.passed(pieces.size());
    }

    private void gather(List<Piece<double[]>> pieces) {
        Map<String, Map<String, INDArray>> states = new LinkedHashMap<>();
        for (Part part : parts) {
            double[] rows = new double[pieces.size() * part.width()];
            for (int i = 0; i < pieces.size(); i++) {
                System.arraycopy(pieces.get(i).state(), part.from(), rows, i * part.width(), part.width());
            }
            INDArray array = Numbers.array(rows, input.type(), pieces.size(), part.width());
            states.computeIfAbsent(part.layer(), layer -> new LinkedHashMap<>()).put(part.key(), array);
        }
        graph.rnnClearPreviousState();
        states.forEach(graph::rnnSetPreviousState);
    }

    private void scatter(List<Piece<double[]>> pieces) {
        Map<String, Map<String, INDArray>> states = graph.rnnGetPreviousStates();
        for (Part part : parts) {
            double[] rows = Numbers.of(states.get(part.layer()).get(part.key()));
            for (int i = 0; i < pieces.size(); i++) {
                System.arraycopy(rows, i * part.width(), pieces.get(i).state(), part.from(), part.width());
            }
        }
    }
}
