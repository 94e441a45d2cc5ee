// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.output.Head;

/**
 * LSTMs (Hochreiter and Schmidhuber 1997) over an embedding, in Deeplearning4j. One number a token beside the logits for each head: a linear layer on the
 * same states.
 */
public final class LstmProvider extends GraphProvider {
    @Override
    public String name() {
        return "dl4j-lstm";
    }

    @Override
    public String summary() {
        return "LSTMs of Deeplearning4j over an embedding";
    }

    @Override
    public GraphRecipe create(ConfigReader own) {
        Range counts = Range.atLeast(1);
        int context = own.integer("context", Range.atLeast(2));
        int embedding = own.integer("embedding", counts);
        int hidden = own.integer("hidden", counts);
        int layers = own.integer("layers", counts);
        double dropout = own.decimal("dropout", Range.between(0, 0.99));
        double learningRate = own.decimal("learning-rate", Range.positive());
        List<String> heads = own.strings("heads");
        for (String head : heads) {
            if (java.util.Arrays.stream(Head.values())
                    .noneMatch(known -> known.key().equals(head))) {
                own.problem("heads", "found '" + head + "'; a head is value or score");
            }
        }
        Shape shape = new Shape(embedding, hidden, layers, dropout, learningRate, List.copyOf(heads));
        return new GraphRecipe(shape::graph, context, own.oneOf("updater", Updating.class));
    }

    /** What the settings say. */
    private record Shape(
            int embedding, int hidden, int layers, double dropout, double learningRate, List<String> heads) {
        ComputationGraphConfiguration graph(int vocabulary) {
            GraphBuilder graph = new NeuralNetConfiguration.Builder()
                    .dataType(DataType.FLOAT)
                    .weightInit(WeightInit.XAVIER)
                    .updater(new Adam(learningRate))
                    .miniBatch(false)
                    .graphBuilder()
                    .addInputs("tokens")
                    .addLayer(
                            "embedding",
                            new EmbeddingSequenceLayer.Builder()
                                    .nIn(vocabulary)
                                    .nOut(embedding)
                                    .hasBias(false)
                                    .build(),
                            "tokens");
            String below = "embedding";
            for (int i = 0; i < layers; i++) {
                LSTM.Builder lstm = new LSTM.Builder()
                        .nIn(i == 0 ? embedding : hidden)
                        .nOut(hidden)
                        .activation(Activation.TANH);
                if (dropout > 0) {
                    // Deeplearning4j names the share that stays.
                    lstm.dropOut(1 - dropout);
                }
                graph.addLayer("lstm-" + i, lstm.build(), below);
                below = "lstm-" + i;
            }
            graph.addLayer("logits", linear(vocabulary), below);
            for (String head : heads) {
                graph.addLayer(head, linear(1), below);
            }
            List<String> outputs = new java.util.ArrayList<>(List.of("logits"));
            outputs.addAll(heads);
            return graph.setOutputs(outputs.toArray(String[]::new)).build();
        }

        /** A convolution over one token is a linear layer that keeps time. */
        private Convolution1DLayer linear(int width) {
            return new Convolution1DLayer.Builder(1)
                    .nIn(hidden)
                    .nOut(width)
                    .activation(Activation.IDENTITY)
                    .build();
        }
    }
}
