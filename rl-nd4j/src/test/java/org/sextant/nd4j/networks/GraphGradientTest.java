// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.model.Role;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.output.SumPiSquared;
import org.sextant.models.ForwardPass;
import org.sextant.models.network.NetworkModel;

@DisplayName("Gradients of a Deeplearning4j graph")
class GraphGradientTest {
    private static final double TEMPERATURE = 0.7;
    private static final List<Output> VOCABULARY = List.of(new LogProb(), new Entropy(), new SumPiSquared());

    static Stream<Arguments> graphs() {
        return Stream.of(
                Arguments.of("LSTM", Graphs.over(Graphs.lstm(Graphs.WIDTH), DataType.DOUBLE)),
                Arguments.of(
                        "simple recurrence",
                        Graphs.over(
                                new SimpleRnn.Builder()
                                        .nIn(Graphs.WIDTH)
                                        .nOut(Graphs.WIDTH)
                                        .activation(Activation.TANH)
                                        .build(),
                                DataType.DOUBLE)),
                Arguments.of("LSTM that truncates", truncated()),
                Arguments.of("softmax output with its loss", Graphs.classifier(DataType.DOUBLE, out -> out)),
                Arguments.of("dense layer between preprocessors", preprocessed()));
    }

    private static ComputationGraphConfiguration truncated() {
        ComputationGraphConfiguration graph = Graphs.over(Graphs.lstm(Graphs.WIDTH), DataType.DOUBLE);
        graph.setBackpropType(BackpropType.TruncatedBPTT);
        graph.setTbpttFwdLength(2);
        graph.setTbpttBackLength(2);
        return graph;
    }

    private static ComputationGraphConfiguration preprocessed() {
        return Graphs.builder(DataType.DOUBLE)
                .addLayer("lstm", Graphs.lstm(Graphs.IDS), "tokens")
                .addLayer(
                        "dense",
                        new DenseLayer.Builder()
                                .nIn(Graphs.WIDTH)
                                .nOut(Graphs.IDS)
                                .activation(Activation.IDENTITY)
                                .build(),
                        new RnnToFeedForwardPreProcessor(),
                        "lstm")
                .addVertex("logits", new PreprocessorVertex(new FeedForwardToRnnPreProcessor()), "dense")
                .setOutputs("logits")
                .build();
    }

    private static Set<Output> outputs(GraphNetwork network) {
        Set<Output> outputs = new LinkedHashSet<>(VOCABULARY);
        outputs.addAll(network.shape().heads());
        return outputs;
    }

    /** Random gradients of all outputs. */
    private static Map<Output, double[]> upstream(ForwardPass pass, Set<Output> outputs) {
        Random random = new Random(11);
        Map<Output, double[]> upstream = new LinkedHashMap<>();
        outputs.forEach(output -> upstream.put(
                output, random.doubles(pass.get(output).length, -1, 1).toArray()));
        return upstream;
    }

    private static double loss(ForwardPass pass, Map<Output, double[]> upstream) {
        double loss = 0;
        for (var entry : upstream.entrySet()) {
            double[] values = pass.get(entry.getKey());
            for (int i = 0; i < values.length; i++) {
                loss += values[i] * entry.getValue()[i];
            }
        }
        return loss;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("graphs")
    @DisplayName("Are those of every output that is asked for, on rows of many lengths")
    void finiteDifferences(String name, ComputationGraphConfiguration configuration) {
        Experience batch = Graphs.batch(4, 1, 3);
        GraphNetwork network = Graphs.network(configuration, Updating.OWN);
        try (NetworkModel model = new NetworkModel(Role.POLICY, network, "test", Map.of())) {
            Set<Output> outputs = outputs(network);
            ForwardPass pass = model.forward(batch, outputs, TEMPERATURE);
            Map<Output, double[]> upstream = upstream(pass, outputs);
            pass.backward(upstream);
            double[] gradient = Numbers.of(network.gradients().sum());
            assertThat(gradient).hasSize((int) network.graph().numParams());
            assertThat(Arrays.stream(gradient).filter(g -> g != 0).count()).isGreaterThan(gradient.length / 2);

            INDArray weights = network.graph().params();
            // Every third weight: all of them take three times as long and say no more.
            for (int i = 0; i < gradient.length; i += 3) {
                double at = weights.getDouble(i);
                weights.putScalar(i, at + 1e-5);
                double above = loss(model.forward(batch, outputs, TEMPERATURE), upstream);
                weights.putScalar(i, at - 1e-5);
                double below = loss(model.forward(batch, outputs, TEMPERATURE), upstream);
                weights.putScalar(i, at);
                assertThat(gradient[i]).as("weight %d", i).isCloseTo((above - below) / 2e-5, within(1e-7));
            }
        }
    }

    @Test
    @DisplayName("Add up over micro-batches, and a row's are those that it has alone")
    void microBatches() {
        Experience batch = Graphs.batch(6, 1, 4, 2, 9);
        GraphNetwork network = Graphs.network(Graphs.over(Graphs.lstm(Graphs.WIDTH), DataType.DOUBLE), Updating.OWN);
        try (NetworkModel model = new NetworkModel(Role.POLICY, network, "test", Map.of())) {
            Set<Output> logp = Set.of(new LogProb());
            ForwardPass whole = model.forward(batch, logp, 1);
            whole.backward(Map.of(new LogProb(), ones(whole)));
            double[] together = Numbers.of(network.gradients().sum());
            network.gradients().zero();
            for (int[] rows : new int[][] {{0}, {1, 2, 3}, {4}}) {
                ForwardPass part = model.forward(batch.select(Rows.of(rows)), logp, 1);
                part.backward(Map.of(new LogProb(), ones(part)));
            }
            assertThat(Numbers.of(network.gradients().sum())).containsExactly(together, within(1e-12));
        }
    }

    private static double[] ones(ForwardPass pass) {
        double[] ones = new double[pass.get(new LogProb()).length];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    @DisplayName("Reach a critic's and a reward model's output, which say one number a state")
    void heads() {
        Experience batch = Graphs.batch(3, 2);
        for (Role role : List.of(Role.CRITIC, Role.REWARD)) {
            Head head = role.head().orElseThrow();
            GraphNetwork network =
                    Graphs.network(Graphs.over(Graphs.lstm(Graphs.WIDTH), DataType.DOUBLE), Updating.OWN);
            try (NetworkModel model = new NetworkModel(role, network, "test", Map.of())) {
                ForwardPass pass = model.forward(batch, Set.of(head), 1);
                Columns said = network.said(
                                List.of(Arrays.copyOf(batch.get(org.sextant.api.experience.Standard.TOKENS), 3)))
                        .get(head.key());
                assertThat(pass.get(head)).hasSize(7);
                assertThat(pass.get(head)[0]).isZero();
                for (int t = 0; t < 3; t++) {
                    assertThat(pass.get(head)[t + 1]).isCloseTo(said.get(0, 0, t), within(1e-12));
                }
                assertThat(model.score(batch, Set.of(head), 1).get(head))
                        .containsExactly(pass.get(head), within(1e-12));

                // d(2 v)/d(bias) = 2 for each of two states, and nothing reaches the logits' weights.
                ForwardPass again = model.forward(batch, Set.of(head), 1);
                again.backward(Map.of(head, new double[] {0, 2, 0, 0, 0, 2, 0}));
                network.gradients().summed();
                Map<String, INDArray> gradients = network.graph().gradient().gradientForVariable();
                assertThat(gradients.get(head.key() + "_b").getDouble(0)).isCloseTo(4, within(1e-12));
                assertThat(gradients.get("logits_W").amaxNumber().doubleValue()).isZero();
            }
        }
    }
}
