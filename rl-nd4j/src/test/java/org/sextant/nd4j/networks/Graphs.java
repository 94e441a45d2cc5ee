// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/** Small graphs, and batches for them. */
final class Graphs {
    static final int IDS = 7;
    static final int WIDTH = 5;
    static final int CONTEXT = 20;

    private Graphs() {}

    static GraphBuilder builder(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .dataType(type)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(0.01))
                .miniBatch(false)
                .graphBuilder()
                .addInputs("tokens");
    }

    static EmbeddingSequenceLayer embedding() {
        return new EmbeddingSequenceLayer.Builder()
                .nIn(IDS)
                .nOut(WIDTH)
                .hasBias(false)
                .build();
    }

    static LSTM lstm(int in) {
        return new LSTM.Builder()
                .nIn(in)
                .nOut(WIDTH)
                .activation(Activation.TANH)
                .build();
    }

    static Convolution1DLayer linear(int out) {
        return new Convolution1DLayer.Builder(1)
                .nIn(WIDTH)
                .nOut(out)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** Embedding, some layer, logits, value and score. */
    static ComputationGraphConfiguration over(Layer middle, DataType type) {
        return builder(type)
                .addLayer("embedding", embedding(), "tokens")
                .addLayer("middle", middle, "embedding")
                .addLayer("logits", linear(IDS), "middle")
                .addLayer("value", linear(1), "middle")
                .addLayer("score", linear(1), "middle")
                .setOutputs("value", "logits", "score")
                .build();
    }

    /** One-hot tokens, an LSTM, and a softmax output with its loss. */
    static ComputationGraphConfiguration classifier(DataType type, UnaryOperator<RnnOutputLayer.Builder> settings) {
        return builder(type)
                .addLayer("lstm", lstm(IDS), "tokens")
                .addLayer(
                        "out",
                        settings.apply(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                        .nIn(WIDTH)
                                        .nOut(IDS)
                                        .dataFormat(RNNFormat.NCW)
                                        .activation(Activation.SOFTMAX))
                                .build(),
                        "lstm")
                .setOutputs("out")
                .build();
    }

    static GraphNetwork network(ComputationGraphConfiguration configuration, Updating updating) {
        return GraphNetwork.of(configuration, Optional.empty(), 3, CONTEXT, updating, 1);
    }

    /** Rows of random tokens; all but the first of each are predicted. */
    static Experience batch(int... lengths) {
        Layout layout = Layout.ofLengths(lengths);
        int[] tokens = new Random(5).ints(layout.tokens(), 0, IDS).toArray();
        boolean[] mask = new boolean[tokens.length];
        Arrays.fill(mask, true);
        for (int row = 0; row < layout.rows(); row++) {
            mask[layout.start(row)] = false;
        }
        return Experience.of(layout, Columns.of(Standard.TOKENS, tokens).with(Standard.RESPONSE_MASK, mask));
    }
}
