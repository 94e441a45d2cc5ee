// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sextant.models.network.NetworkShape;

/** What a graph says of itself. */
final class GraphShapes {
    /** Numbers that a pass keeps of each output of a recurrent layer: four gates, cell and output, and their errors. */
    private static final int RECURRENT = 12;

    private static final int OTHER = 3;

    private GraphShapes() {}

    static NetworkShape of(ComputationGraph graph, GraphOutputs outputs, int context, int vocabulary) {
        int width = graph.params().dataType().width();
        long numbers = 3L * vocabulary;
        for (Layer layer : graph.getLayers()) {
            if (layer.conf().getLayer() instanceof FeedForwardLayer conf) {
                numbers += conf.getNOut() * (layer instanceof RecurrentLayer ? RECURRENT : OTHER);
            }
        }
        return new NetworkShape(
                describe(graph),
                context,
                vocabulary,
                graph.numParams(),
                width,
                Math.toIntExact(numbers * width),
                outputs.heads().keySet());
    }

    /** {@code LSTM of 128, DenseLayer of 13}. */
    private static String describe(ComputationGraph graph) {
        return Arrays.stream(graph.getLayers())
                .map(layer -> layer.conf().getLayer())
                .map(conf -> conf.getClass().getSimpleName()
                        + (conf instanceof FeedForwardLayer wide ? " of " + wide.getNOut() : ""))
                .collect(Collectors.joining(", "));
    }
}
