// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.models.ForwardPass;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.network.NetworkModel;
import org.sextant.models.optimiser.Optimiser;

@DisplayName("What moves a graph's weights")
class UpdatingTest {
    private static final LogProb LOGP = new LogProb();
    private static final OptimiserSettings SETTINGS =
            new OptimiserSettings(0.01, OptimiserSettings.Schedule.CONSTANT, 0, 1, 0.9, 0.999, 1e-8, 0.1, 1, 1000);

    @TempDir
    Path folder;

    private static NetworkModel model(GraphNetwork network) {
        return new NetworkModel(Role.POLICY, network, "test", Map.of());
    }

    private static ComputationGraphConfiguration classifier(DataType type) {
        return Graphs.classifier(
                type,
                out -> out.l2(0.02)
                        .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                        .gradientNormalizationThreshold(0.5));
    }

    /** One step on minus the log-likelihood of all tokens but the first of each row. */
    private static Optimiser.Step step(NetworkModel model, Optimiser optimiser, Experience batch) {
        ForwardPass pass = model.forward(batch, Set.of(LOGP), 1);
        double[] gradient = new double[pass.get(LOGP).length];
        Arrays.fill(gradient, -1);
        pass.backward(Map.of(LOGP, gradient));
        return optimiser.step();
    }

    /** What Deeplearning4j's own loss wants: one-hot tokens, the next of each as labels, and a mask without the last. */
    private static DataSet dataSet(Experience batch) {
        Layout layout = batch.layout();
        int[] tokens = batch.get(Standard.TOKENS);
        int time = 6;
        INDArray in = Nd4j.zeros(DataType.DOUBLE, layout.rows(), Graphs.IDS, time);
        INDArray labels = in.dup();
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, layout.rows(), time);
        for (int row = 0; row < layout.rows(); row++) {
            for (int t = 0; t < layout.length(row); t++) {
                in.putScalar(row, tokens[layout.start(row) + t], t, 1);
                if (t + 1 < layout.length(row)) {
                    labels.putScalar(row, tokens[layout.start(row) + t + 1], t, 1);
                    mask.putScalar(row, t, 1);
                }
            }
        }
        return new DataSet(in, labels, null, mask);
    }

    @Test
    @DisplayName("Its own: makes the steps of fit() on the same loss, clipping and decay included")
    void fit() {
        ComputationGraph theirs = new ComputationGraph(classifier(DataType.DOUBLE));
        theirs.init();
        GraphNetwork network = Graphs.network(classifier(DataType.DOUBLE), Updating.OWN);
        network.graph().params().assign(theirs.params());
        Experience batch = Graphs.batch(6, 3, 5);
        try (NetworkModel model = model(network);
                Optimiser optimiser = model.optimiser(SETTINGS, 10)) {
            double[] before = Numbers.of(network.graph().params());
            for (int i = 0; i < 4; i++) {
                theirs.fit(dataSet(batch));
                assertThat(step(model, optimiser, batch).learningRate()).isEqualTo(0.01);
                assertThat(Numbers.of(network.graph().params()))
                        .containsExactly(Numbers.of(theirs.params()), within(1e-9))
                        .isNotEqualTo(before);
            }
            assertThat(optimiser.steps()).isEqualTo(4);
        }
    }

    @Test
    @DisplayName("Its own: goes on from what was saved, bit for bit")
    void resumed() {
        Experience batch = Graphs.batch(6, 3, 5);
        GraphNetwork network = Graphs.network(classifier(DataType.FLOAT), Updating.OWN);
        GraphNetwork again = Graphs.network(classifier(DataType.FLOAT), Updating.OWN);
        try (NetworkModel model = model(network);
                Optimiser optimiser = model.optimiser(SETTINGS, 10);
                NetworkModel other = model(again)) {
            step(model, optimiser, batch);
            step(model, optimiser, batch);
            optimiser.save(folder.resolve("optimiser.safetensors"));
            again.graph().params().assign(network.graph().params());
            step(model, optimiser, batch);
            try (Optimiser resumed = other.optimiser(SETTINGS, 10)) {
                resumed.load(folder.resolve("optimiser.safetensors"));
                assertThat(resumed.steps()).isEqualTo(2);
                step(other, resumed, batch);
            }
            assertThat(other.contentHash()).isEqualTo(model.contentHash());
        }
    }

    @Test
    @DisplayName("Its own: says which file is damaged")
    void damaged() throws IOException {
        GraphNetwork network = Graphs.network(classifier(DataType.FLOAT), Updating.OWN);
        try (NetworkModel model = model(network);
                Optimiser optimiser = model.optimiser(SETTINGS, 10)) {
            Path file = folder.resolve("optimiser.safetensors");
            optimiser.save(file);
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
            assertThatThrownBy(() -> optimiser.load(file))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    @DisplayName("Ours: moves weights where they lie, by AdamW, and lets biases be")
    void adamW() {
        Experience batch = Graphs.batch(6, 3, 5);
        GraphNetwork network = Graphs.network(Graphs.over(Graphs.lstm(Graphs.WIDTH), DataType.FLOAT), Updating.OURS);
        try (NetworkModel model = model(network);
                Optimiser optimiser = model.optimiser(SETTINGS, 10)) {
            ForwardPass pass = model.forward(batch, Set.of(LOGP), 1);
            double[] upstream = new double[pass.get(LOGP).length];
            Arrays.fill(upstream, -1);
            pass.backward(Map.of(LOGP, upstream));
            double[] gradient = Numbers.of(network.gradients().sum());
            double[] before = Numbers.of(network.graph().params());
            double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
            assertThat(optimiser.step().gradientNorm()).isCloseTo(norm, within(1e-4 * norm));
            double[] after = Numbers.of(network.graph().params());
            boolean[] decays = decays(network.graph());
            for (int i = 0; i < before.length; i++) {
                double g = gradient[i] * Math.min(1, 1 / (norm + 1e-6));
                // The first step of Adam: both moments are corrected to the gradient itself.
                double expected = before[i] * (decays[i] ? 1 - 0.01 * 0.1 : 1) - 0.01 * g / (Math.abs(g) + 1e-8);
                assertThat(after[i])
                        .as("weight %d, gradient %s", i, g)
                        .isCloseTo(expected, within(2e-6 + Math.min(0.01, 1e-10 / Math.max(1e-12, Math.abs(g)))));
            }
            assertThat(Numbers.of(network.gradients().sum())).containsOnly(0);
        }
    }

    /** In the order of the flat weights; a layer's biases follow its weights, but for convolutions. */
    private static boolean[] decays(ComputationGraph graph) {
        boolean[] decays = new boolean[(int) graph.numParams()];
        int at = 0;
        for (Map.Entry<String, INDArray> weight : graph.paramTable().entrySet()) {
            int end = at + (int) weight.getValue().length();
            Arrays.fill(decays, at, end, !weight.getKey().endsWith("_b"));
            at = end;
        }
        return decays;
    }
}
