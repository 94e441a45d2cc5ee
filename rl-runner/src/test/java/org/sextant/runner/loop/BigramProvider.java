// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.output.Head;
import org.sextant.api.random.Stream;
import org.sextant.models.Capabilities;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.network.Network;
import org.sextant.models.network.NetworkProvider;
import org.sextant.models.network.NetworkRecipe;
import org.sextant.models.network.NetworkShape;
import org.sextant.models.text.ModelTokenizer;

/** The smallest network that is not ours, found by its service file. */
public final class BigramProvider implements NetworkProvider {
    @Override
    public String name() {
        return "bigram";
    }

    @Override
    public String summary() {
        return "a table of what follows each token";
    }

    @Override
    public String defaults() {
        return "context = 16\nheads = []\n";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.plain(Capabilities.Carried.NOTHING);
    }

    @Override
    public NetworkRecipe create(ConfigReader own) {
        int context = own.integer("context", Range.atLeast(2));
        Set<Head> heads = own.strings("heads").stream()
                .map(name -> Arrays.stream(Head.values())
                        .filter(head -> head.key().equals(name))
                        .findFirst()
                        .orElseThrow())
                .collect(Collectors.toSet());
        return new NetworkRecipe() {
            @Override
            public NetworkShape shape(ModelTokenizer tokenizer) {
                return new BigramNetwork(context, tokenizer.vocabularySize(), heads).shape();
            }

            @Override
            public Network fresh(ModelTokenizer tokenizer, Kernels kernels, Stream stream) {
                BigramNetwork network = new BigramNetwork(context, tokenizer.vocabularySize(), heads);
                Arrays.setAll(network.table(), i -> 0.1 * stream.nextGaussian());
                return network;
            }
        };
    }

    @Override
    public Network open(Path directory, NetworkFile saved, Kernels kernels) {
        NetworkShape shape = saved.shape();
        BigramNetwork network = new BigramNetwork(shape.context(), shape.vocabulary(), shape.heads());
        network.read(directory, BigramNetwork.FILE);
        return network;
    }
}
