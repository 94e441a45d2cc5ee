// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.sextant.api.model.Role;
import org.sextant.models.Capabilities.Carried;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.network.NetworkModel;

@DisplayName("A graph that is to be a policy")
class ProbeTest {
    private static ComputationGraphConfiguration over(org.deeplearning4j.nn.conf.layers.Layer middle) {
        return Graphs.over(middle, DataType.FLOAT);
    }

    private static Convolution1DLayer convolution(ConvolutionMode mode) {
        return new Convolution1DLayer.Builder(3)
                .nIn(Graphs.WIDTH)
                .nOut(Graphs.WIDTH)
                .convolutionMode(mode)
                .activation(Activation.TANH)
                .build();
    }

    static Stream<Arguments> seers() {
        return Stream.of(
                Arguments.of(
                        "bidirectional", over(new Bidirectional(Bidirectional.Mode.ADD, Graphs.lstm(Graphs.WIDTH)))),
                Arguments.of("a convolution to both sides", over(convolution(ConvolutionMode.Same))),
                Arguments.of(
                        "attention without a mask",
                        over(new SelfAttentionLayer.Builder()
                                .nIn(Graphs.WIDTH)
                                .nOut(Graphs.WIDTH)
                                .nHeads(1)
                                .projectInput(true)
                                .build())),
                Arguments.of("bidirectional behind a head of zeros", hidden()));
    }

    private static ComputationGraphConfiguration hidden() {
        Convolution1DLayer zeros = Graphs.linear(Graphs.IDS);
        zeros.setWeightInitFn(new WeightInitConstant(0));
        return Graphs.builder(DataType.FLOAT)
                .addLayer("embedding", Graphs.embedding(), "tokens")
                .addLayer("middle", new Bidirectional(Bidirectional.Mode.ADD, Graphs.lstm(Graphs.WIDTH)), "embedding")
                .addLayer("logits", zeros, "middle")
                .setOutputs("logits")
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seers")
    @DisplayName("Is refused where it sees the future, with the position")
    void future(String name, ComputationGraphConfiguration graph) {
        assertThatThrownBy(() -> Graphs.network(graph, Updating.OURS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("the graph sees the future: the output ")
                .hasMessageContaining("changes when the tokens from");
    }

    @Test
    @DisplayName("Is refused where rows are mixed")
    void mixing() {
        ComputationGraphConfiguration graph = Graphs.builder(DataType.FLOAT)
                .addLayer("lstm", Graphs.lstm(Graphs.IDS), "tokens")
                .addLayer(
                        "mixed",
                        new BatchNormalization.Builder()
                                .nIn(Graphs.WIDTH)
                                .nOut(Graphs.WIDTH)
                                .build(),
                        new RnnToFeedForwardPreProcessor(),
                        "lstm")
                .addVertex("apart", new PreprocessorVertex(new FeedForwardToRnnPreProcessor()), "mixed")
                .addLayer("logits", Graphs.linear(Graphs.IDS), "apart")
                .setOutputs("logits")
                .build();
        assertThatThrownBy(() -> Graphs.network(graph, Updating.OURS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("depends on the rows beside it")
                .hasMessageContaining("BatchNormalization");
    }

    static Stream<Arguments> outputs() {
        var lstm = Graphs.lstm(Graphs.IDS);
        return Stream.of(
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addLayer("lstm", lstm, "tokens")
                                .addLayer(
                                        "out",
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nIn(Graphs.WIDTH)
                                                .nOut(Graphs.IDS)
                                                .build(),
                                        new RnnToFeedForwardPreProcessor(),
                                        "lstm")
                                .setOutputs("out"),
                        "the output 'out' is a OutputLayer, an output layer that computes a loss"),
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addLayer("lstm", lstm, "tokens")
                                .addLayer(
                                        "out",
                                        new DenseLayer.Builder()
                                                .nIn(Graphs.WIDTH)
                                                .nOut(Graphs.IDS)
                                                .activation(Activation.SOFTMAX)
                                                .build(),
                                        new RnnToFeedForwardPreProcessor(),
                                        "lstm")
                                .setOutputs("out"),
                        "the output 'out' is a DenseLayer, probabilities"),
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addLayer("lstm", lstm, "tokens")
                                .addLayer(
                                        "out",
                                        new DenseLayer.Builder()
                                                .nIn(Graphs.WIDTH)
                                                .nOut(Graphs.IDS)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        new RnnToFeedForwardPreProcessor(),
                                        "lstm")
                                .setOutputs("out"),
                        "the output 'out' has the shape [1,7]; outputs are [rows, numbers, time]"),
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addLayer("lstm", lstm, "tokens")
                                .addLayer("a", Graphs.linear(Graphs.IDS), "lstm")
                                .addLayer("b", Graphs.linear(Graphs.IDS), "lstm")
                                .setOutputs("a", "b"),
                        "the graph has the outputs [a, b]; a policy has one for the logits"),
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addLayer("lstm", lstm, "tokens")
                                .addLayer("logits", Graphs.linear(Graphs.IDS), "lstm")
                                .addLayer("value", Graphs.linear(2), "lstm")
                                .setOutputs("logits", "value"),
                        "the output 'value' has 2 numbers a token; a head has one"),
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addLayer("lstm", lstm, "tokens")
                                .addLayer("logits", Graphs.linear(Graphs.IDS + 1), "lstm")
                                .setOutputs("logits"),
                        "the graph reads 7 ids and says 8"),
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addLayer("embedding", Graphs.embedding(), "tokens")
                                .addLayer("logits", Graphs.linear(Graphs.IDS + 1), "embedding")
                                .setOutputs("logits"),
                        "the graph reads 7 ids and says 8"),
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addLayer("value", Graphs.lstm(Graphs.IDS), "tokens")
                                .addLayer("logits", Graphs.linear(Graphs.IDS), "value")
                                .setOutputs("logits", "value"),
                        "the output 'value' is read by 'logits'"),
                Arguments.of(
                        Graphs.builder(DataType.FLOAT)
                                .addInputs("more")
                                .addLayer("lstm", lstm, "tokens")
                                .addLayer("other", Graphs.lstm(Graphs.IDS), "more")
                                .addLayer("logits", Graphs.linear(Graphs.IDS), "lstm")
                                .addLayer("value", Graphs.linear(1), "other")
                                .setOutputs("logits", "value"),
                        "the graph has the inputs [tokens, more]; a policy has one, the tokens"));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    @DisplayName("Is refused where it does not say logits, with the cure")
    void logits(ComputationGraphConfiguration.GraphBuilder graph, String message) {
        assertThatThrownBy(() -> Graphs.network(graph.build(), Updating.OURS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    @DisplayName("Lacks the role of a critic without that output")
    void head() {
        GraphNetwork network = Graphs.network(Graphs.classifier(DataType.FLOAT, out -> out), Updating.OURS);
        assertThatThrownBy(() -> new NetworkModel(Role.CRITIC, network, "dl4j", Map.of()))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("the network of dl4j has no output 'value'");
    }

    @Test
    @DisplayName("Is moved by its own updater alone where it is in double precision")
    void precision() {
        assertThatThrownBy(() -> Graphs.network(Graphs.classifier(DataType.DOUBLE, out -> out), Updating.OURS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("the graph's weights are DOUBLE, and our AdamW moves FLOAT");
    }

    @Test
    @DisplayName("Carries a state where its layers can, and is computed anew where they cannot")
    void carried() {
        try (GraphNetwork lstm = Graphs.network(over(Graphs.lstm(Graphs.WIDTH)), Updating.OURS);
                GraphNetwork convolution = Graphs.network(over(convolution(ConvolutionMode.Causal)), Updating.OURS)) {
            assertThat(lstm.capabilities().carried()).isEqualTo(Carried.STATE);
            assertThat(convolution.capabilities().carried()).isEqualTo(Carried.NOTHING);
            assertThat(lstm.capabilities().adapters()).isFalse();
        }
    }
}
