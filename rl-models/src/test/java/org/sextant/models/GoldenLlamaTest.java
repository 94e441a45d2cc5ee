// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.TensorEntry;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.InferenceBuffers;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;

@DisplayName("The model computes what transformers computes")
class GoldenLlamaTest {
    private static final LogProb LOG_PROB = new LogProb();

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    void rightPadded(Kernels kernels) {
        replay("llama.right_padding", kernels);
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    void leftPadded(Kernels kernels) {
        replay("llama.left_padding", kernels);
    }

    private static void replay(String id, Kernels kernels) {
        JsonNode golden = GoldenLlama.oneCase(id);
        List<int[]> kept = GoldenLlama.kept(golden.get("attention_mask"));
        Experience batch = ragged(golden, kept);
        try (kernels;
                LanguageModel model = LanguageModel.load(GoldenLlama.directory(), kernels, Role.POLICY)) {
            assertLogits(GoldenLlama.cube(golden.get("logits")), kept, batch, model);
            ForwardPass pass = model.forward(batch, Set.of(LOG_PROB), 1);
            double[] logp = pass.get(LOG_PROB);
            assertLogProbs(golden, kept, batch.layout(), logp);
            int labels = golden.get("num_label_tokens").intValue();
            assertThat(-Arrays.stream(logp).sum() / labels)
                    .isCloseTo(golden.get("loss").doubleValue(), within(1e-5));
            double[] gradient = new double[logp.length];
            Arrays.fill(gradient, -1.0 / labels);
            pass.backward(Map.of(LOG_PROB, gradient));
            assertGradients(golden.get("gradients_file").textValue(), model);
        }
    }

    /** The rows without padding; a label is a token in the response mask. */
    private static Experience ragged(JsonNode golden, List<int[]> kept) {
        int[][] ids = GoldenLlama.ints(golden.get("input_ids"));
        int[][] labels = GoldenLlama.ints(golden.get("labels"));
        Layout layout = Layout.ofLengths(kept.stream().mapToInt(k -> k.length).toArray());
        int[] tokens = new int[layout.tokens()];
        boolean[] mask = new boolean[layout.tokens()];
        for (int row = 0; row < kept.size(); row++) {
            for (int t = 0; t < layout.length(row); t++) {
                tokens[layout.start(row) + t] = ids[row][kept.get(row)[t]];
                mask[layout.start(row) + t] = labels[row][kept.get(row)[t]] >= 0;
            }
        }
        return TestModels.batch(layout, tokens, mask);
    }

    private static void assertLogits(double[][][] expected, List<int[]> kept, Experience batch, LanguageModel model) {
        double[][] logits = allLogits(Sequences.of(batch, model.config()), model);
        for (int row = 0; row < kept.size(); row++) {
            for (int t = 0; t < kept.get(row).length; t++) {
                assertThat(logits[batch.layout().start(row) + t])
                        .as("logits of row %d, token %d", row, t)
                        .containsExactly(expected[row][kept.get(row)[t]], within(5e-5));
            }
        }
    }

    private static double[][] allLogits(Sequences batch, LanguageModel model) {
        Transformer transformer = model.transformer();
        try (InferenceBuffers buffers = transformer.inferenceBuffers("test")) {
            Segments segments = batch.segments();
            Tensor hidden = transformer.hidden(batch.tokens(), segments, buffers.pages(batch.pages()), buffers);
            int rows = segments.totalRows();
            Tensor logits = transformer.logits(hidden, IntStream.range(0, rows).toArray(), rows, buffers);
            double[][] all = new double[rows][model.config().vocabulary()];
            for (int r = 0; r < rows; r++) {
                model.kernels().readRow(logits, r, all[r]);
            }
            return all;
        }
    }

    private static void assertLogProbs(JsonNode golden, List<int[]> kept, Layout layout, double[] logp) {
        double[][] expected = GoldenLlama.doubles(golden.get("label_logprobs"));
        for (int row = 0; row < kept.size(); row++) {
            for (int t = 1; t < layout.length(row); t++) {
                assertThat(logp[layout.start(row) + t])
                        .as("log-probability of row %d, token %d", row, t)
                        .isCloseTo(expected[row][kept.get(row)[t] - 1], within(5e-5));
            }
        }
    }

    private static void assertGradients(String fileName, LanguageModel model) {
        int compared = 0;
        try (SafetensorsFile file = SafetensorsFile.open(GoldenLlama.directory().resolve(fileName))) {
            for (Parameter p : model.parameters()) {
                for (Parameter.Part part : p.parts()) {
                    assertGradient(
                            file, file.tensors().get(part.name()), p.gradient(), part.firstRow(), model.kernels());
                    compared++;
                }
            }
            assertThat(compared).isEqualTo(file.tensors().size());
        }
    }

    private static void assertGradient(
            SafetensorsFile file, TensorEntry entry, Tensor gradient, int firstRow, Kernels kernels) {
        float[] expected = file.bytes(entry).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        double[] row = new double[gradient.columns()];
        for (int i = 0; i < expected.length; i++) {
            if (i % row.length == 0) {
                kernels.readRow(gradient, firstRow + i / row.length, row);
            }
            assertThat(row[i % row.length])
                    .as("gradient %d of %s", i, entry.name())
                    .isCloseTo(expected[i], within(2e-5 + 1e-3 * Math.abs(expected[i])));
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Sequences packed into one row do not see each other")
    void packed(Kernels kernels) {
        JsonNode golden = GoldenLlama.oneCase("llama.packed");
        int[] ids = GoldenLlama.ints(golden.get("input_ids"))[0];
        int[] lengths = IntStream.range(0, golden.get("seq_lengths").size())
                .map(i -> golden.get("seq_lengths").get(i).intValue())
                .toArray();
        Experience batch = TestModels.batch(Layout.ofLengths(lengths), ids, new boolean[ids.length]);
        double[][] expected = GoldenLlama.cube(golden.get("logits"))[0];
        try (kernels;
                LanguageModel model = LanguageModel.load(GoldenLlama.directory(), kernels, Role.POLICY)) {
            double[][] logits = allLogits(Sequences.of(batch, model.config()), model);
            for (int t = 0; t < ids.length; t++) {
                assertThat(logits[t]).as("logits of token %d", t).containsExactly(expected[t], within(5e-5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Greedy decoding, one token at a time over cached keys and values")
    void greedy(Kernels kernels) {
        JsonNode golden = GoldenLlama.oneCase("llama.greedy");
        int[][] ids = GoldenLlama.ints(golden.get("input_ids"));
        List<int[]> kept = GoldenLlama.kept(golden.get("attention_mask"));
        int[][] expected = GoldenLlama.ints(golden.get("new_tokens"));
        try (kernels;
                LanguageModel model = LanguageModel.load(GoldenLlama.directory(), kernels, Role.POLICY)) {
            for (int row = 0; row < ids.length; row++) {
                int[] padded = ids[row];
                int[] prompt = Arrays.stream(kept.get(row)).map(t -> padded[t]).toArray();
                assertThat(greedy(model, prompt, expected[row].length)).containsExactly(expected[row]);
            }
        }
    }

    private static int[] greedy(LanguageModel model, int[] prompt, int count) {
        Transformer transformer = model.transformer();
        int[] chosen = new int[count];
        try (InferenceBuffers buffers = transformer.inferenceBuffers("test");
                MemoryArena cache = model.kernels().arena("cache")) {
            var c = model.config();
            KeyValuePages pages = cache.allocatePages("cache", c.layers(), c.keyValueHeads(), c.headSize(), 1);
            Segments segments = new Segments();
            int[] input = prompt;
            int past = 0;
            for (int i = 0; i < count; i++) {
                segments.clear();
                segments.add(input.length, past, new int[] {0});
                Tensor hidden = transformer.hidden(input, segments, pages, buffers);
                double[] logits = new double[c.vocabulary()];
                model.kernels()
                        .readRow(transformer.logits(hidden, new int[] {input.length - 1}, 1, buffers), 0, logits);
                chosen[i] = IntStream.range(0, logits.length)
                        .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                        .orElseThrow();
                past += input.length;
                input = new int[] {chosen[i]};
            }
        }
        return chosen;
    }
}
