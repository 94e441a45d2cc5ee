// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.models.ForwardPass;
import org.sextant.models.network.NetworkModel;

@DisplayName("Dropout of a graph")
class NoiseTest {
    private static final LogProb LOGP = new LogProb();

    @TempDir
    Path folder;

    private final Experience batch = Graphs.batch(6, 3, 5);

    private static GraphNetwork network() {
        LSTM lstm = new LSTM.Builder()
                .nIn(Graphs.WIDTH)
                .nOut(Graphs.WIDTH)
                .activation(Activation.TANH)
                .dropOut(0.5)
                .build();
        return Graphs.network(Graphs.over(lstm, DataType.DOUBLE), Updating.OWN);
    }

    private double[] logp(NetworkModel model, long seed) {
        return model.forward(batch, Set.of(LOGP), 1, seed).get(LOGP);
    }

    @Test
    @DisplayName("Is drawn from the seed, and is off without one")
    void seeds() {
        try (NetworkModel model = new NetworkModel(Role.POLICY, network(), "test", Map.of())) {
            double[] seven = logp(model, 7);
            assertThat(logp(model, 8)).isNotEqualTo(seven);
            assertThat(logp(model, 7)).isEqualTo(seven);
            assertThat(model.forward(batch, Set.of(LOGP), 1).get(LOGP))
                    .containsExactly(model.score(batch, Set.of(LOGP), 1).get(LOGP), within(1e-12))
                    .isNotEqualTo(seven);
        }
    }

    @Test
    @DisplayName("Lets gradients through where numbers came through")
    void gradients() {
        GraphNetwork network = network();
        try (NetworkModel model = new NetworkModel(Role.POLICY, network, "test", Map.of())) {
            ForwardPass pass = model.forward(batch, Set.of(LOGP), 1, 7);
            double[] ones = new double[pass.get(LOGP).length];
            Arrays.fill(ones, 1);
            pass.backward(Map.of(LOGP, ones));
            double[] gradient = Numbers.of(network.gradients().sum());
            var weights = network.graph().params();
            for (int i = 0; i < gradient.length; i += 3) {
                double at = weights.getDouble(i);
                weights.putScalar(i, at + 1e-5);
                double above = Arrays.stream(logp(model, 7)).sum();
                weights.putScalar(i, at - 1e-5);
                double below = Arrays.stream(logp(model, 7)).sum();
                weights.putScalar(i, at);
                assertThat(gradient[i]).as("weight %d", i).isCloseTo((above - below) / 2e-5, within(1e-6));
            }
        }
    }

    @Test
    @DisplayName("Is still there in a graph that was saved while it was off")
    void saved() {
        GraphNetwork network = network();
        try (NetworkModel model = new NetworkModel(Role.POLICY, network, "test", Map.of())) {
            double[] seven = logp(model, 7);
            model.forward(batch, Set.of(LOGP), 1);
            model.save(folder);
            Path file = folder.resolve(GraphFile.NAME);
            GraphNetwork again = GraphFile.read(file).open(file, Graphs.CONTEXT, Updating.OWN, 1);
            try (NetworkModel other = new NetworkModel(Role.POLICY, again, "test", Map.of())) {
                assertThat(logp(other, 7)).isEqualTo(seven);
            }
        }
    }
}
