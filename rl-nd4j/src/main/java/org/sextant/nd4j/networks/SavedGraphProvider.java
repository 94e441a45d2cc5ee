// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.nio.file.Path;
import java.util.Map;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.random.Stream;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.network.NetworkRecipe;
import org.sextant.models.network.NetworkShape;
import org.sextant.models.text.ModelTokenizer;

/** A {@code ComputationGraph} that somebody saved with {@code ModelSerializer}, as it is: trained or not. */
public final class SavedGraphProvider extends GraphProvider {
    @Override
    public String name() {
        return "dl4j";
    }

    @Override
    public String summary() {
        return "a ComputationGraph of Deeplearning4j, from a zip that ModelSerializer wrote";
    }

    @Override
    public NetworkRecipe create(ConfigReader own) {
        Path file = Path.of(own.string("path"));
        int context = own.integer("context", Range.atLeast(2));
        Updating updating = own.oneOf("updater", Updating.class);
        return new NetworkRecipe() {
            @Override
            public NetworkShape shape(ModelTokenizer tokenizer) {
                try (GraphNetwork network = open(tokenizer, 1)) {
                    return network.shape();
                }
            }

            @Override
            public GraphNetwork fresh(ModelTokenizer tokenizer, Kernels kernels, Stream stream) {
                return open(tokenizer, kernels.threads());
            }

            private GraphNetwork open(ModelTokenizer tokenizer, int threads) {
                GraphNetwork network = GraphFile.read(file).open(file, context, updating, threads);
                int ids = network.shape().vocabulary();
                if (tokenizer.vocabularySize() > ids) {
                    network.close();
                    throw new ModelFileException(file + " knows " + ids + " ids, and the task's alphabet has "
                            + tokenizer.vocabularySize() + ": make a graph for as many");
                }
                return network;
            }

            @Override
            public Map<String, String> settings() {
                return Map.of(UPDATER, updating.key());
            }
        };
    }
}
