// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.sextant.api.output.Head;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.testkit.Settings;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.network.Network;
import org.sextant.models.network.NetworkProvider;
import org.sextant.models.network.NetworkRecipe;
import org.sextant.models.text.CharacterTokenizer;

@DisplayName("Providers of Deeplearning4j networks")
class ProvidersTest {
    /** An id that ends a text, and five letters. */
    private static final CharacterTokenizer TOKENIZER = CharacterTokenizer.of("abcde");

    @TempDir
    Path folder;

    private final Kernels kernels = new ReferenceKernels();

    private static Stream stream(long seed) {
        return new Streams(seed).open(StreamKey.of("init"));
    }

    @Test
    @DisplayName("Are found")
    void found() {
        assertThat(ServiceLoader.load(NetworkProvider.class).stream().map(ServiceLoader.Provider::type))
                .contains(LstmProvider.class, SavedGraphProvider.class);
    }

    @Test
    @DisplayName("LSTM: says its shape before it is made, and draws its weights from the stream")
    void lstm() {
        LstmProvider provider = new LstmProvider();
        Settings settings = Settings.of(
                provider.defaults(),
                "context = 9, embedding = 4, hidden = 6, layers = 2, dropout = 0.1, heads = [score], updater = own");
        GraphRecipe recipe = provider.create(settings);
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.unread()).isEmpty();
        try (GraphNetwork one = recipe.fresh(TOKENIZER, kernels, stream(1));
                GraphNetwork same = recipe.fresh(TOKENIZER, kernels, stream(1));
                GraphNetwork other = recipe.fresh(TOKENIZER, kernels, stream(2))) {
            assertThat(recipe.shape(TOKENIZER)).isEqualTo(one.shape());
            assertThat(one.shape().heads()).isEqualTo(Set.of(Head.SCORE));
            // Embedding; two LSTMs of four gates over input and state, with biases; logits and score with biases.
            int weights = 6 * 4 + 4 * 6 * (4 + 6 + 1) + 4 * 6 * (6 + 6 + 1) + 6 * (6 + 1) + (6 + 1);
            assertThat(one.shape().parameterCount()).isEqualTo(weights);
            assertThat(one.contentHash()).isEqualTo(same.contentHash()).isNotEqualTo(other.contentHash());
        }
    }

    @Test
    @DisplayName("Saved graph: has the weights of the file, and as many ids as the tokenizer at least")
    void saved() {
        try (GraphNetwork made =
                Graphs.network(Graphs.over(Graphs.lstm(Graphs.WIDTH), DataType.FLOAT), Updating.OURS)) {
            made.save(folder);
            SavedGraphProvider provider = new SavedGraphProvider();
            Settings settings =
                    Settings.of(provider.defaults(), "context = 9, path = \"" + folder.resolve(GraphFile.NAME) + "\"");
            NetworkRecipe recipe = provider.create(settings);
            assertThat(settings.problems()).isEmpty();
            assertThat(settings.unread()).isEmpty();
            try (Network network = recipe.fresh(TOKENIZER, kernels, stream(1))) {
                assertThat(network.contentHash()).isEqualTo(made.contentHash());
                assertThat(network.shape()).isEqualTo(recipe.shape(TOKENIZER));
                assertThat(network.shape().context()).isEqualTo(9);
            }
            assertThatThrownBy(() -> recipe.shape(CharacterTokenizer.of("abcdefgh")))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("knows 7 ids, and the task's alphabet has 9");
        }
    }
}
