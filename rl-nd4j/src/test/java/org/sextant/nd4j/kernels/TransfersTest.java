// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.ForwardPass;
import org.sextant.models.LanguageModel;
import org.sextant.models.TestModels;
import org.sextant.models.decoding.CachedDecoder;
import org.sextant.models.decoding.DecodingMemory;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.text.CharacterTokenizer;
import org.sextant.models.transformer.TransformerConfig;

@DisplayName("Weights, gradients and activations stay where they are: what passes between Java and the backend")
class TransfersTest {
    private static final int VOCABULARY = 14;
    private static final Set<Output> OUTPUTS = Set.of(new LogProb(), new Entropy(), Head.VALUE);

    private static final OptimiserSettings SETTINGS =
            new OptimiserSettings(1e-3, OptimiserSettings.Schedule.CONSTANT, 0, 1, 0.9, 0.95, 1e-8, 0.1, 1, 4096);

    private static LanguageModel model(Kernels kernels, int hidden, int layers) {
        var config = TransformerConfig.llama(
                VOCABULARY,
                hidden,
                layers,
                2,
                1,
                hidden / 2,
                2 * hidden,
                64,
                1e4,
                1e-5,
                true,
                List.of(0),
                OptionalInt.empty());
        return LanguageModel.fresh(config, Set.of(Head.VALUE), kernels, new Streams(1).open(StreamKey.of("init")));
    }

    private static void step(LanguageModel model, AdamW optimiser, Experience batch) {
        ForwardPass pass = model.forward(batch, OUTPUTS, 1);
        Map<Output, double[]> gradients = new HashMap<>();
        for (Output output : OUTPUTS) {
            double[] ones = new double[pass.get(output).length];
            Arrays.fill(ones, 1e-3);
            gradients.put(output, ones);
        }
        pass.backward(gradients);
        optimiser.step();
    }

    /** Of the second step: the first also sends tables. */
    private static Transfers.Counts ofTraining(int hidden, int layers) {
        Experience batch = TestModels.batch(VOCABULARY, 3, 20, 9, 31, 17);
        try (Nd4jKernels kernels = new Nd4jKernels(1);
                LanguageModel model = model(kernels, hidden, layers);
                AdamW optimiser = new AdamW(model.trained(), SETTINGS, 10, kernels)) {
            step(model, optimiser, batch);
            Transfers.Counts before = kernels.transferred();
            step(model, optimiser, batch);
            return kernels.transferred().since(before);
        }
    }

    @Test
    @DisplayName(
            "A training step sends token ids, targets, segments and the gradients of outputs, however large the model")
    void training() {
        Transfers.Counts small = ofTraining(16, 2);
        Transfers.Counts wide = ofTraining(64, 2);
        assertThat(wide).isEqualTo(small);
        assertThat(small.uploads()).isBetween(1L, 16L);
        // 77 tokens, and segments: positions, slots, and the rows of attention filled up.
        assertThat(small.uploadedBytes()).isLessThan(77 * 4 * 24);
        assertThat(small.downloads()).isLessThan(48);
        assertThat(small.downloadedBytes()).isLessThan(77 * 4 * 16);

        Transfers.Counts deep = ofTraining(16, 4);
        assertThat(deep.uploads()).isEqualTo(small.uploads());
        assertThat(deep.uploadedBytes()).isEqualTo(small.uploadedBytes());
    }

    /** Of greedy answers of some length; those before them have sent the tables. */
    private static Transfers.Counts ofDecoding(int hidden, int rows, int tokens) {
        Stream stream = new Streams(2).open(StreamKey.of("sample"));
        try (Nd4jKernels kernels = new Nd4jKernels(1);
                LanguageModel model = model(kernels, hidden, 2);
                var memory = new DecodingMemory(model.transformer(), new DecodingSettings(rows, 4096, 256));
                var decoder = new CachedDecoder(memory, CharacterTokenizer.of("0123456789+="))) {
            decoder.open(new int[] {1, 2, 3}, Sampling.greedyDecoding(), stream);
            decoder.run(new Stop(tokens, Set.of(), List.of()), c -> decoder.close(c.row()));
            for (int i = 0; i < rows; i++) {
                decoder.open(new int[] {1, 2, 3}, Sampling.greedyDecoding(), stream);
            }
            Transfers.Counts before = kernels.transferred();
            decoder.run(new Stop(tokens, Set.of(), List.of()), c -> {});
            return kernels.transferred().since(before);
        }
    }

    @Test
    @DisplayName("A token of all rows costs as many transfers as a token of one")
    void decoding() {
        Transfers.Counts one = ofDecoding(16, 1, 20);
        Transfers.Counts many = ofDecoding(16, 32, 20);
        assertThat(many.uploads()).isEqualTo(one.uploads());
        assertThat(many.downloads()).isEqualTo(one.downloads());
        assertThat(one.uploads() + one.downloads()).isLessThan(10 * 20);
        assertThat(ofDecoding(64, 32, 20)).isEqualTo(many);
    }
}
