// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.sextant.api.random.Stream;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.network.NetworkRecipe;
import org.sextant.models.network.NetworkShape;
import org.sextant.models.text.ModelTokenizer;

/**
 * A graph from code that nobody has made yet.
 *
 * @param graph makes the configuration for a number of token ids, a new one each time; its seed is replaced by the run's
 * @param context longest sequence that it is used for
 * @param updating who moves its weights
 */
public record GraphRecipe(IntFunction<ComputationGraphConfiguration> graph, int context, Updating updating)
        implements NetworkRecipe {
    @Override
    public NetworkShape shape(ModelTokenizer tokenizer) {
        ComputationGraphConfiguration configuration = graph.apply(tokenizer.vocabularySize());
        GraphOutputs.withoutLosses(configuration);
        return GraphShapes.of(configuration, GraphOutputs.of(configuration), context, tokenizer.vocabularySize());
    }

    @Override
    public GraphNetwork fresh(ModelTokenizer tokenizer, Kernels kernels, Stream stream) {
        return GraphNetwork.of(
                graph.apply(tokenizer.vocabularySize()),
                Optional.empty(),
                stream.nextLong(),
                context,
                updating,
                kernels.threads());
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(GraphProvider.UPDATER, updating.key());
    }
}
