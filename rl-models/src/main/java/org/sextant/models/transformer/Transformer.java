// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;

/**
 * The model: embedding, blocks, final norm, and the heads that read its output. {@link #hidden(int[], Segments, KeyValuePages,
 * InferenceBuffers)} is what decoding and scoring call, {@link #hidden(int[], Segments, KeyValuePages, TrainingBuffers)} keeps the
 * activations for {@link #backward}; both run the same code, so their results have the same bits. Weights live in the arena given by
 * the owner, who closes it.
 */
public final class Transformer {
    private final TransformerConfig config;
    private final Kernels kernels;
    private final Optional<AdapterSettings> adapter;
    private final Embedding embedding;
    private final List<Block> blocks;
    private final Norm finalNorm;
    private final VocabularyHead vocabularyHead;
    private final Map<Head, ScalarHead> heads = new EnumMap<>(Head.class);
    private final List<Parameter> parameters;
    private final List<Adapted> adapted;
    private final BufferPlan plan;

    /**
     * A model with zero weights.
     *
     * @param format of the weights of products; other than {@link WeightFormat#FLOAT} all but heads are frozen
     */
    public Transformer(
            TransformerConfig config, Set<Head> heads, WeightFormat format, Kernels kernels, MemoryArena arena) {
        this(config, heads, Optional.empty(), kernels, new Weights(config, format, arena, List.of()));
        if (format != WeightFormat.FLOAT) {
            base().forEach(Parameter::freeze);
        }
    }

    /** Names and shapes of a model's parameters, before memory is taken for any of them. */
    public static List<Parameter> planned(TransformerConfig config, Set<Head> heads) {
        return new Transformer(config, heads, WeightFormat.FLOAT, null, CountingArena.ofNumbers()).parameters();
    }

    private Transformer(
            TransformerConfig config,
            Set<Head> heads,
            Optional<AdapterSettings> adapter,
            Kernels kernels,
            Weights weights) {
        this.config = config;
        this.kernels = kernels;
        this.adapter = adapter;
        Parameter table = weights.embedding();
        this.embedding = new Embedding(
                kernels, table, config.positions() instanceof Positions.Learned ? weights.positions() : null);
        BlockBuilder builder = new BlockBuilder(config, kernels, weights, adapter);
        this.blocks = builder.blocks();
        this.finalNorm = Norm.of(config.family().names().finalNorm(), config, weights, kernels);
        this.vocabularyHead = new VocabularyHead(kernels, config.tied() ? table : weights.vocabularyHead());
        for (Head head : new TreeSet<>(heads)) {
            this.heads.put(head, new ScalarHead(kernels, weights.scalarHead(head)));
        }
        this.parameters = weights.used();
        this.adapted = builder.adapted();
        this.plan = new BufferPlan(
                config,
                builder.adapters(),
                adapter.map(AdapterSettings::rank).orElse(0),
                adapter.isPresent() && adapter.get().dropout() > 0,
                false,
                false,
                0);
    }

    /**
     * Another model on the same weights, with heads and an adapter of its own, which begin at zero. Sharing freezes the weights: what is
     * trained from then on are adapters and heads.
     *
     * @param arena for heads and adapter
     * @throws IllegalArgumentException if the adapter is meant for modules that there are not
     */
    public Transformer sharing(Set<Head> heads, Optional<AdapterSettings> adapter, MemoryArena arena) {
        Transformer made = shared(heads, adapter, arena);
        base().forEach(Parameter::freeze);
        return made;
    }

    /** Names and shapes of what {@link #sharing} would make, before memory is taken for any of it. */
    public Transformer plannedSharing(Set<Head> heads, Optional<AdapterSettings> adapter) {
        return shared(heads, adapter, CountingArena.ofNumbers());
    }

    private Transformer shared(Set<Head> heads, Optional<AdapterSettings> adapter, MemoryArena arena) {
        return new Transformer(config, heads, adapter, kernels, new Weights(config, WeightFormat.FLOAT, arena, base()));
    }

    /** Freezes the embeddings and a tied head, and as many of the first layers as are wanted. */
    public void freeze(boolean embeddings, int layers) {
        WeightNames names = config.family().names();
        for (Parameter p : base()) {
            boolean layer = IntStream.range(0, layers).anyMatch(i -> p.name().startsWith(names.layer(i) + "."));
            boolean embedded = p.name().equals(names.embedding() + ".weight")
                    || config.positions() instanceof Positions.Learned
                            && p.name().equals(names.positions() + ".weight");
            if (layer || embeddings && embedded) {
                p.freeze();
            }
        }
    }

    /** The weights that models can share: all but heads besides the vocabulary, and adapters. */
    public List<Parameter> base() {
        Set<String> own = heads.keySet().stream().map(Parameter::nameOf).collect(Collectors.toSet());
        factors().forEach(p -> own.add(p.name()));
        return parameters.stream().filter(p -> !own.contains(p.name())).toList();
    }

    /** The adapter's factors: for each module A, then B. */
    public List<Parameter> factors() {
        return adapted.stream()
                .flatMap(a -> List.of(a.adapter().down(), a.adapter().up()).stream())
                .toList();
    }

    /** An adapter, and the weight that it adds to. */
    public record Adapted(Parameter weight, LowRankAdapter adapter) {}

    /** All adapters, in the order of the forward pass. */
    public List<Adapted> adapted() {
        return adapted;
    }

    public Optional<AdapterSettings> adapter() {
        return adapter;
    }

    public TransformerConfig config() {
        return config;
    }

    public Kernels kernels() {
        return kernels;
    }

    /** All parameters in the order of the forward pass, shared and frozen ones too; a tied head is the embedding. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** Heads besides the vocabulary. */
    public Set<Head> heads() {
        return Set.copyOf(heads.keySet());
    }

    /** The weight of a head besides the vocabulary. */
    public Tensor weight(Head head) {
        return scalarHead(head).weight().value();
    }

    /** How the weights of products are held. */
    public WeightFormat format() {
        return parameters.getFirst().value().weightFormat().orElse(WeightFormat.FLOAT);
    }

    BufferPlan inferencePlan() {
        return plan;
    }

    BufferPlan trainingPlan(boolean recompute) {
        return plan.forBackward(recompute, firstReached());
    }

    /** The first layer that a backward pass goes to; the number of layers if it stops before the last. */
    private int firstReached() {
        return embedding.trains()
                ? 0
                : IntStream.range(0, blocks.size())
                        .filter(i -> blocks.get(i).trains())
                        .findFirst()
                        .orElse(blocks.size());
    }

    /** Whether anything below the heads is trained. */
    private boolean trainsBody() {
        return finalNorm.trains() || firstReached() < blocks.size();
    }

    /** Buffers for {@link #hidden(int[], Segments, KeyValuePages, InferenceBuffers)}, charged to a role; the caller closes them. */
    public InferenceBuffers inferenceBuffers(String role) {
        return new InferenceBuffers(kernels, plan, role);
    }

    /**
     * Buffers for training, charged to a role; the caller closes them. What is frozen now stays so: layers before the first one that is
     * trained keep nothing.
     *
     * @param recompute keep the input of each block alone and compute the rest again in the backward pass: less memory, a third more time
     */
    public TrainingBuffers trainingBuffers(String role, boolean recompute) {
        return new TrainingBuffers(kernels, trainingPlan(recompute), role);
    }

    // ---- forward
    // ---------------------------------------------------------------------------------------------------------

    /**
     * Final hidden states of all rows; keys and values of segment s are appended to its pages at positions past(s) … past(s) + rows(s) −
     * 1.
     *
     * @param ids one id for each row, {@code segments.totalRows()} of them count
     * @return [rows, hidden], valid until the next call with these buffers
     */
    public Tensor hidden(int[] ids, Segments segments, KeyValuePages pages, InferenceBuffers buffers) {
        return run(ids, segments, pages, buffers.forward(segments.totalRows()));
    }

    /** The same for whole sequences ({@code past = 0}), with all activations kept for {@link #backward}. */
    public Tensor hidden(int[] ids, Segments segments, KeyValuePages pages, TrainingBuffers buffers) {
        return run(ids, segments, pages, buffers.forward(segments.totalRows()));
    }

    private Tensor run(int[] ids, Segments segments, KeyValuePages pages, ForwardBuffers b) {
        int rows = segments.totalRows();
        embedding.forward(ids, segments, b.stream());
        Tensor pending = null;
        for (int i = 0; i < blocks.size(); i++) {
            LayerBuffers layer = b.layers().get(i);
            blocks.get(i).forward(b.stream(), pending, segments, pages, layer, b.delta());
            if (b.recomputes(i)) {
                kernels.copy(layer.attentionNorm().input(), b.input(i), rows);
            }
            pending = b.delta();
        }
        finalNorm.forward(b.stream(), pending, rows, b.last());
        return b.last().output();
    }

    /**
     * Logits of the next token for chosen hidden states.
     *
     * @param rowIndex rows of {@code hidden}, {@code n} of them count
     * @return [n, vocabulary], valid until the next call with these buffers
     */
    public Tensor logits(Tensor hidden, int[] rowIndex, int n, InferenceBuffers buffers) {
        return logits(hidden, rowIndex, n, buffers.head(n));
    }

    /** The same in a chunk; its buffers hold at least {@code n} rows. */
    public Tensor logits(Tensor hidden, int[] rowIndex, int n, HeadBuffers chunk) {
        return vocabularyHead.forward(hidden, rowIndex, n, chunk);
    }

    /** One number for each hidden state: {@code scores} is [rows, 1]. */
    public void scores(Head head, Tensor hidden, int rows, Tensor scores) {
        scalarHead(head).forward(hidden, rows, scores);
    }

    private ScalarHead scalarHead(Head head) {
        ScalarHead found = heads.get(head);
        if (found == null) {
            throw new IllegalArgumentException(
                    "the model has no " + head + " head; it has the vocabulary's and " + heads.keySet());
        }
        return found;
    }

    // ---- backward
    // --------------------------------------------------------------------------------------------------------

    /** Makes room for gradients, zeroed, where there is none yet. */
    public void allocateGradients(MemoryArena arena) {
        parameters.forEach(p -> p.allocateGradient(arena));
    }

    /**
     * Adds the head's weight gradient, and {@code dLogits}·W to rows {@code rowIndex} of {@code dHidden}, if anything below the head is
     * trained; {@code chunk} still holds what {@link #logits(Tensor, int[], int, HeadBuffers)} gathered.
     */
    public void logitsBackward(Tensor dLogits, int[] rowIndex, int n, HeadBuffers chunk, Tensor dHidden) {
        vocabularyHead.backward(dLogits, rowIndex, n, chunk, trainsBody() ? dHidden : null);
    }

    /** Adds a scalar head's gradients to its weight and, if anything below it is trained, to {@code dHidden}. */
    public void scoresBackward(Head head, Tensor dScores, Tensor hidden, int rows, Tensor dHidden) {
        scalarHead(head).backward(dScores, hidden, rows, trainsBody() ? dHidden : null);
    }

    /**
     * Adds the gradients of all weights below the heads, for the forward pass that these buffers hold and the gradient of its result in
     * {@link TrainingBuffers#hiddenGradient}. Goes no further down than something is trained.
     *
     * @return the gradient that was computed last, for checks: a row of a gradient before it that is not finite is not finite in it
     */
    public Tensor backward(int[] ids, Segments segments, KeyValuePages pages, TrainingBuffers buffers) {
        int rows = segments.totalRows();
        ForwardBuffers b = buffers.forward(rows);
        GradientBuffers g = buffers.gradients(rows);
        if (!trainsBody()) {
            return g.normed();
        }
        kernels.zero(g.stream(), rows);
        finalNorm.backward(g.normed(), b.last(), rows, g.stream());
        Tensor last = g.stream();
        int first = firstReached();
        for (int i = blocks.size() - 1; i >= first; i--) {
            LayerBuffers layer = b.layers().get(i);
            if (b.recomputes(i)) {
                kernels.copy(b.input(i), b.stream(), rows);
                blocks.get(i).forward(b.stream(), null, segments, pages, layer, b.delta());
            }
            last = blocks.get(i).backward(segments, pages, layer, g, i > first || embedding.trains());
        }
        if (embedding.trains()) {
            embedding.backward(ids, segments, g.stream());
        }
        return last;
    }

    // ---- checks
    // ----------------------------------------------------------------------------------------------------------

    /** The first weight with a NaN or an infinity in its gradient, in the order in which a backward pass computes them. */
    public Optional<NonFiniteRows> firstNonFiniteGradient() {
        return parameters.reversed().stream()
                .filter(Parameter::hasGradient)
                .flatMap(p ->
                        NonFiniteRows.find(
                                kernels,
                                "the gradient of " + p.name(),
                                p.gradient(),
                                p.gradient().rows())
                                .stream())
                .findFirst();
    }

    /**
     * Runs a forward pass again, tensor by tensor, to find the first with a NaN or an infinity; weights come first, and have no rows of the
     * batch to name.
     */
    public Optional<NonFiniteRows> firstNonFinite(
            int[] ids, Segments segments, KeyValuePages pages, InferenceBuffers buffers) {
        for (Parameter p : parameters) {
            if (kernels.firstNonFiniteRow(p.value(), p.value().rows()) >= 0) {
                return Optional.of(new NonFiniteRows(p.name(), new int[0]));
            }
        }
        int rows = segments.totalRows();
        ForwardBuffers b = buffers.forward(rows);
        embedding.forward(ids, segments, b.stream());
        Tensor pending = null;
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i)
                    .forward(b.stream(), pending, segments, pages, b.layers().get(i), b.delta());
            pending = b.delta();
            Optional<NonFiniteRows> found = firstNonFinite(i, b, b.layers().get(i), rows);
            if (found.isPresent()) {
                return found;
            }
        }
        finalNorm.forward(b.stream(), pending, rows, b.last());
        return NonFiniteRows.find(
                kernels, config.family().names().finalNorm(), b.last().output(), rows);
    }

    private Optional<NonFiniteRows> firstNonFinite(int layer, ForwardBuffers b, LayerBuffers computed, int rows) {
        WeightNames names = config.family().names();
        Map<String, Tensor> tensors = computed.inOrder(names, layer);
        tensors.put(names.feedForwardOutput(layer), b.delta());
        return tensors.entrySet().stream()
                .flatMap(e -> NonFiniteRows.find(kernels, e.getKey(), e.getValue(), rows).stream())
                .findFirst();
    }
}
