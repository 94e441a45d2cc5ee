// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Role;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.output.LogProb;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.decoding.Decoding;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.network.NetworkModel;
import org.sextant.models.text.CharacterTokenizer;

@DisplayName("Sampling from a Deeplearning4j graph")
class GraphDecodingTest {
    /** An id that ends a text, and five letters; the graphs know one more, which has no text and is never sampled. */
    private static final Tokenizer TOKENIZER = CharacterTokenizer.of("abcde");

    private static final double TEMPERATURE = 0.8;

    static Stream<Arguments> graphs() {
        return Stream.of(
                Arguments.of("carrying a state", Graphs.over(Graphs.lstm(Graphs.WIDTH), DataType.FLOAT)),
                Arguments.of(
                        "computed anew",
                        Graphs.over(
                                new Convolution1DLayer.Builder(3)
                                        .nIn(Graphs.WIDTH)
                                        .nOut(Graphs.WIDTH)
                                        .convolutionMode(ConvolutionMode.Causal)
                                        .activation(Activation.TANH)
                                        .build(),
                                DataType.FLOAT)));
    }

    private static List<Completion> answers(NetworkModel model, int rows) {
        Streams streams = new Streams(4);
        List<Completion> all = new ArrayList<>();
        try (Decoding decoding = model.decoding(new DecodingSettings(rows, 20, 64));
                Decoder decoder = decoding.open(TOKENIZER)) {
            for (int i = 0; i < 6; i++) {
                int[] prompt = Arrays.copyOf(new int[] {3, 5, 2, 6}, 1 + i % 4);
                Sampling sampling = Sampling.atTemperature(TEMPERATURE);
                Decoder.Row first = decoder.open(prompt, sampling, streams.open(new StreamKey("s", 0, i, 0)));
                decoder.fork(first, sampling, streams.open(new StreamKey("s", 0, i, 1)));
            }
            all.addAll(decoder.run(new Stop(6, TOKENIZER.eosIds(), List.of()), c -> {}));
            for (Completion c : all) {
                decoder.append(c.row(), new int[] {2, 4});
            }
            all.addAll(decoder.run(new Stop(4, TOKENIZER.eosIds(), List.of()), c -> {}));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("graphs")
    @DisplayName("Gives the log-probabilities that training sees, whatever rows are sampled beside")
    void logProbs(String name, ComputationGraphConfiguration configuration) {
        GraphNetwork network = Graphs.network(configuration, Updating.OURS);
        // Fresh weights hardly disagree about the next token.
        network.graph().params().muli(4);
        try (NetworkModel model = new NetworkModel(Role.POLICY, network, "test", Map.of())) {
            List<Completion> answers = answers(model, 5);
            List<Completion> alone = answers(model, 1);
            assertThat(answers).hasSize(24);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).tokens()).isEqualTo(alone.get(i).tokens());
                assertThat(answers.get(i).oldLogp())
                        .containsExactly(alone.get(i).oldLogp(), within(1e-5));
            }
            for (Completion answer : answers.subList(12, 24)) {
                double[] trained = trained(model, answer.row().tokens(), answer.tokens().length);
                assertThat(answer.oldLogp()).containsExactly(trained, within(1e-5));
            }
        }
    }

    /** Of the last tokens of a row. */
    private static double[] trained(NetworkModel model, int[] tokens, int last) {
        boolean[] mask = new boolean[tokens.length];
        Arrays.fill(mask, tokens.length - last, tokens.length, true);
        Experience batch = Experience.of(
                Layout.ofLengths(tokens.length),
                Columns.of(Standard.TOKENS, tokens).with(Standard.RESPONSE_MASK, mask));
        double[] logp = model.forward(batch, Set.of(new LogProb()), TEMPERATURE).get(new LogProb());
        return Arrays.copyOfRange(logp, tokens.length - last, tokens.length);
    }
}
