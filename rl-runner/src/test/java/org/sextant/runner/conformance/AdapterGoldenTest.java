// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.models.ForwardPass;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;
import org.sextant.runner.wiring.ChosenKernels;

@DisplayName("Adapters in PEFT's layout against an independent implementation: golden/models/make.py")
class AdapterGoldenTest {
    private static final LogProb LOG_PROB = new LogProb();

    @ParameterizedTest
    @CsvSource({
        "lora, reference, 1e-10",
        "rslora, reference, 1e-10",
        "lora, auto, 2e-5",
        "rslora, auto, 2e-5",
        "lora, nd4j, 2e-5",
        "rslora, nd4j, 2e-5"
    })
    void replay(String name, KernelsChoice choice, double tolerance) throws IOException, URISyntaxException {
        Path adapters = Path.of(AdapterGoldenTest.class.getResource("/adapters").toURI());
        JsonNode expected = new ObjectMapper()
                .readTree(adapters.resolve(name).resolve("expected.json").toFile());
        try (Kernels kernels = ChosenKernels.open(choice, Device.CPU, 1);
                LanguageModel base = LanguageModel.load(adapters.resolve("base"), kernels, Role.POLICY);
                LanguageModel model = base.sharing(Role.POLICY, adapters.resolve(name))) {
            for (int row = 0; row < expected.get("input_ids").size(); row++) {
                double[][] logits = logits(model, ids(expected.get("input_ids").get(row)));
                assertClose(logits, expected.get("logits").get(row), tolerance);
            }
            assertThat(backward(model, expected.get("input_ids")))
                    .isCloseTo(expected.get("loss").doubleValue(), within(tolerance));
            JsonNode gradients = expected.get("gradients");
            assertThat(model.trained()).hasSize(gradients.size());
            for (Parameter p : model.trained()) {
                assertClose(read(p.gradient(), kernels), gradients.get("base_model.model." + p.name()), tolerance);
            }
        }
    }

    private static double[][] logits(LanguageModel model, int[] ids) {
        Segments segments = new Segments();
        segments.add(ids.length, 0, new int[] {0});
        try (var buffers = model.transformer().inferenceBuffers("test")) {
            Tensor hidden = model.transformer().hidden(ids, segments, buffers.pages(1), buffers);
            int[] rows = IntStream.range(0, ids.length).toArray();
            double[][] read = read(model.transformer().logits(hidden, rows, ids.length, buffers), model.kernels());
            return Arrays.copyOf(read, ids.length);
        }
    }

    /** The mean loss of all tokens that have one before them. */
    private static double backward(LanguageModel model, JsonNode rows) {
        int[] lengths = StreamSupport.stream(rows.spliterator(), false)
                .mapToInt(JsonNode::size)
                .toArray();
        Layout layout = Layout.ofLengths(lengths);
        int[] tokens = StreamSupport.stream(rows.spliterator(), false)
                .flatMapToInt(row -> Arrays.stream(ids(row)))
                .toArray();
        boolean[] mask = new boolean[tokens.length];
        Arrays.fill(mask, true);
        Experience batch =
                Experience.of(layout, Columns.of(Standard.TOKENS, tokens).with(Standard.RESPONSE_MASK, mask));
        ForwardPass pass = model.forward(batch, Set.of(LOG_PROB), 1);
        double[] share = new double[tokens.length];
        Arrays.fill(share, -1.0 / (tokens.length - lengths.length));
        pass.backward(Map.of(LOG_PROB, share));
        return Arrays.stream(pass.get(LOG_PROB)).sum() * share[0];
    }

    private static int[] ids(JsonNode row) {
        return StreamSupport.stream(row.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    private static double[][] read(Tensor t, Kernels kernels) {
        double[][] numbers = new double[t.rows()][t.columns()];
        for (int r = 0; r < t.rows(); r++) {
            kernels.readRow(t, r, numbers[r]);
        }
        return numbers;
    }

    private static void assertClose(double[][] found, JsonNode expected, double tolerance) {
        assertThat(found.length).isEqualTo(expected.size());
        for (int r = 0; r < found.length; r++) {
            assertThat(found[r])
                    .containsExactly(
                            StreamSupport.stream(expected.get(r).spliterator(), false)
                                    .mapToDouble(JsonNode::doubleValue)
                                    .toArray(),
                            within(tolerance));
        }
    }
}
