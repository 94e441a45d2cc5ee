// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.sextant.models.network.NetworkShape;

/** What a graph says of itself. */
final class GraphShapes {
    /** Numbers that a pass keeps of each output of a recurrent layer: four gates, cell and output, and their errors. */
    private static final int RECURRENT = 12;

    private static final int OTHER = 3;

    private GraphShapes() {}

    /** Known from the configuration alone: ND4J is not started for it. */
    static NetworkShape of(ComputationGraphConfiguration graph, GraphOutputs outputs, int context, int vocabulary) {
        int width = graph.getDefaultConfiguration().getDataType().width();
        long weights = 0;
        long numbers = 3L * vocabulary;
        List<String> layers = new ArrayList<>();
        for (GraphVertex vertex : graph.getVertices().values()) {
            weights += vertex.numParams(false);
            if (vertex instanceof LayerVertex layer) {
                Layer conf = layer.getLayerConf().getLayer();
                layers.add(describe(conf));
                numbers += conf instanceof FeedForwardLayer wide
                        ? wide.getNOut() * (conf instanceof BaseRecurrentLayer ? RECURRENT : OTHER)
                        : 0;
            }
        }
        return new NetworkShape(
                String.join(", ", layers),
                context,
                vocabulary,
                weights,
                width,
                Math.toIntExact(numbers * width),
                outputs.heads().keySet());
    }

    /** {@code LSTM of 128}. */
    private static String describe(Layer conf) {
        return conf.getClass().getSimpleName() + (conf instanceof FeedForwardLayer wide ? " of " + wide.getNOut() : "");
    }
}
