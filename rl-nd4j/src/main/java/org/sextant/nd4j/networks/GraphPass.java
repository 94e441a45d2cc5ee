// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.sextant.api.experience.Layout;
import org.sextant.api.output.Head;
import org.sextant.models.network.Network;

/** A pass whose activations are still in the graph, and the errors that will go into its backward pass. */
final class GraphPass implements Network.Pass {
    private final Layout layout;
    private final GraphOutputs outputs;
    private final Network.States states;
    private final GraphGradients gradients;
    private final DataType type;
    private final Map<String, Columns> errors = new TreeMap<>();

    GraphPass(Layout layout, GraphOutputs outputs, Map<String, Columns> said, GraphGradients gradients, DataType type) {
        this.layout = layout;
        this.outputs = outputs;
        this.states = new GraphNetwork.GraphStates(layout, outputs, said);
        this.gradients = gradients;
        this.type = type;
        said.forEach((output, columns) -> errors.put(output, columns.zeros()));
    }

    @Override
    public void logits(int token, double[] into) {
        states.logits(token, into);
    }

    @Override
    public double head(Head head, int token) {
        return states.head(head, token);
    }

    @Override
    public void logitsGradient(int token, double[] gradient) {
        int row = GraphNetwork.GraphStates.row(layout, token);
        Columns into = errors.get(outputs.logits());
        for (int v = 0; v < gradient.length; v++) {
            into.add(row, v, token - layout.start(row), gradient[v]);
        }
    }

    @Override
    public void headGradient(Head head, int token, double gradient) {
        int row = GraphNetwork.GraphStates.row(layout, token);
        errors.get(outputs.heads().get(head)).add(row, 0, token - layout.start(row), gradient);
    }

    @Override
    public void backward() {
        gradients.add(errors, type);
    }
}
