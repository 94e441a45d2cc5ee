// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Parameter.Kind;
import org.sextant.models.transformer.Parameter.Part;

/** Puts blocks together from parameters, and adapters onto the projections that they are meant for. */
final class BlockBuilder {
    private final TransformerConfig config;
    private final Kernels kernels;
    private final Weights weights;
    private final Optional<AdapterSettings> settings;
    private final WeightNames names;
    private final Set<String> modules = new TreeSet<>();
    private final List<Transformer.Adapted> adapted = new ArrayList<>();
    private int adapters;

    BlockBuilder(TransformerConfig config, Kernels kernels, Weights weights, Optional<AdapterSettings> settings) {
        this.config = config;
        this.kernels = kernels;
        this.weights = weights;
        this.settings = settings;
        this.names = config.family().names();
    }

    /** @throws IllegalArgumentException if an adapter's target is not the name of a projection */
    List<Block> blocks() {
        List<Block> made = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            adapters = 0;
            made.add(new Block(
                    Norm.of(names.attentionNorm(layer), config, weights, kernels),
                    attention(layer),
                    Norm.of(names.feedForwardNorm(layer), config, weights, kernels),
                    feedForward(layer)));
        }
        settings.ifPresent(this::requireKnown);
        return List.copyOf(made);
    }

    /** Adapters in a block. */
    int adapters() {
        return adapters;
    }

    /** All adapters, in the order of the forward pass. */
    List<Transformer.Adapted> adapted() {
        return List.copyOf(adapted);
    }

    private SelfAttention attention(int layer) {
        int queries = config.attendedWidth();
        int keys = config.keyValueHeads() * config.headSize();
        List<String> read = names.qkv(layer);
        int[] rows = read.size() == 1 ? new int[] {config.qkvWidth()} : new int[] {queries, keys, keys};
        Projection qkv = projection(read, rows, config.hidden(), config.biases().qkv());
        return new SelfAttention(kernels, config, layer, qkv, headNorms(layer), output(layer));
    }

    private Projection output(int layer) {
        List<String> module = List.of(names.attentionOutput(layer));
        return projection(
                module,
                new int[] {config.hidden()},
                config.attendedWidth(),
                config.biases().output());
    }

    private List<HeadNorm> headNorms(int layer) {
        if (!config.family().headNorm()) {
            return List.of();
        }
        int size = config.headSize();
        double epsilon = config.normEpsilon();
        Parameter query = weights.scale(names.queryNorm(layer), size);
        Parameter key = weights.scale(names.keyNorm(layer), size);
        return List.of(
                new HeadNorm(kernels, query, epsilon, 0, config.heads(), size),
                new HeadNorm(kernels, key, epsilon, config.attendedWidth(), config.keyValueHeads(), size));
    }

    private FeedForward feedForward(int layer) {
        List<String> read = names.feedForwardInput(layer);
        int[] rows = new int[read.size()];
        Arrays.fill(rows, config.intermediate());
        boolean biased = config.biases().feedForward();
        Projection input = projection(read, rows, config.hidden(), biased);
        Projection output = projection(
                List.of(names.feedForwardOutput(layer)), new int[] {config.hidden()}, config.intermediate(), biased);
        return new FeedForward(kernels, config.family().activation(), input, output);
    }

    private Projection projection(List<String> read, int[] rows, int columns, boolean biased) {
        Parameter weight = weights.projection(read, rows, columns);
        Parameter bias = biased ? weights.bias(read, rows) : null;
        List<LowRankAdapter> own = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            modules.add(read.get(i));
            if (settings.isPresent() && settings.get().adapts(read.get(i))) {
                own.add(adapter(read.get(i), weight.parts().get(i), columns, settings.get()));
            }
        }
        own.forEach(adapter -> adapted.add(new Transformer.Adapted(weight, adapter)));
        return new Projection(kernels, weight, bias, List.copyOf(own));
    }

    private LowRankAdapter adapter(String module, Part part, int columns, AdapterSettings s) {
        Parameter down = weights.factor(module + ".lora_A.weight", Kind.DOWN, s.rank(), columns);
        Parameter up = weights.factor(module + ".lora_B.weight", Kind.UP, part.rows(), s.rank());
        return new LowRankAdapter(kernels, down, up, part.firstRow(), s.scale(), s.dropout(), adapters++);
    }

    private static String lastWord(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    private void requireKnown(AdapterSettings adapter) {
        List<String> unknown = adapter.targets().stream()
                .filter(target -> modules.stream().noneMatch(module -> AdapterSettings.names(target, module)))
                .toList();
        if (!unknown.isEmpty() && !adapter.targets().equals(AdapterSettings.ALL_LINEAR)) {
            Set<String> known =
                    modules.stream().map(BlockBuilder::lastWord).collect(Collectors.toCollection(TreeSet::new));
            throw new IllegalArgumentException("adapter targets " + unknown + " are not modules of a "
                    + config.family().modelType() + " model; it has " + known + ", and " + AdapterSettings.ALL_LINEAR
                    + " means all of them");
        }
    }
}
