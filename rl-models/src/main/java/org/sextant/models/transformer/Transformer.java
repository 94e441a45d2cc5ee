// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;

/**
 * The model: embedding, blocks, final norm, and the heads that read its output. {@link #hidden(int[], Segments, KeyValuePages,
 * InferenceBuffers)} is what decoding and scoring call, {@link #hidden(int[], Segments, KeyValuePages, TrainingBuffers)} keeps the
 * activations for {@link #backward}; both run the same code, so their results have the same bits. Weights live in the arena given by
 * the owner, who closes it.
 */
public final class Transformer {
    private final TransformerConfig config;
    private final Kernels kernels;
    private final Embedding embedding;
    private final List<Block> blocks;
    private final RmsNorm finalNorm;
    private final VocabularyHead vocabularyHead;
    private final Map<Head, ScalarHead> heads = new EnumMap<>(Head.class);
    private final List<Parameter> parameters;

    /** A model with zero weights. */
    public Transformer(TransformerConfig config, Set<Head> heads, Kernels kernels, MemoryArena arena) {
        this.config = config;
        this.kernels = kernels;
        Weights weights = new Weights(config, arena);
        Parameter table = weights.embedding();
        this.embedding = new Embedding(kernels, table);
        this.blocks = blocks(weights);
        this.finalNorm = new RmsNorm(kernels, weights.norm("model.norm.weight"), config.normEpsilon());
        this.vocabularyHead = new VocabularyHead(kernels, config.tied() ? table : weights.vocabularyHead());
        for (Head head : new TreeSet<>(heads)) {
            this.heads.put(head, new ScalarHead(kernels, weights.scalarHead(head)));
        }
        this.parameters = weights.made();
    }

    private List<Block> blocks(Weights weights) {
        List<Block> made = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String name = "model.layers." + i;
            Parameter attentionNorm = weights.norm(name + ".input_layernorm.weight");
            Parameter qkv = weights.qkv(name);
            Parameter output = weights.attentionOutput(name);
            Parameter feedForwardNorm = weights.norm(name + ".post_attention_layernorm.weight");
            Parameter gateUp = weights.gateUp(name);
            Parameter down = weights.down(name);
            made.add(new Block(
                    new RmsNorm(kernels, attentionNorm, config.normEpsilon()),
                    new SelfAttention(kernels, config, i, qkv, output),
                    new RmsNorm(kernels, feedForwardNorm, config.normEpsilon()),
                    new SwiGluFeedForward(kernels, gateUp, down)));
        }
        return List.copyOf(made);
    }

    public TransformerConfig config() {
        return config;
    }

    public Kernels kernels() {
        return kernels;
    }

    /** All parameters in the order of the forward pass; a tied head is the embedding. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** Heads besides the vocabulary. */
    public Set<Head> heads() {
        return Set.copyOf(heads.keySet());
    }

    /** Buffers for {@link #hidden(int[], Segments, KeyValuePages, InferenceBuffers)}, charged to a role; the caller closes them. */
    public InferenceBuffers inferenceBuffers(String role) {
        return new InferenceBuffers(kernels, config, role);
    }

    /** Buffers for training, charged to a role; the caller closes them. */
    public TrainingBuffers trainingBuffers(String role) {
        return new TrainingBuffers(kernels, config, role);
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
        embedding.forward(ids, rows, b.stream());
        Tensor pending = null;
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i)
                    .forward(b.stream(), pending, segments, pages, b.layers().get(i), b.delta());
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
     * Adds the head's weight gradient, and {@code dLogits}·W to rows {@code rowIndex} of {@code dHidden}; {@code chunk} still holds what
     * {@link #logits(Tensor, int[], int, HeadBuffers)} gathered.
     */
    public void logitsBackward(Tensor dLogits, int[] rowIndex, int n, HeadBuffers chunk, Tensor dHidden) {
        vocabularyHead.backward(dLogits, rowIndex, n, chunk, dHidden);
    }

    /** Adds a scalar head's gradients to its weight and to {@code dHidden}. */
    public void scoresBackward(Head head, Tensor dScores, Tensor hidden, int rows, Tensor dHidden) {
        scalarHead(head).backward(dScores, hidden, rows, dHidden);
    }

    /**
     * Adds the gradients of all weights below the heads, for the forward pass that these buffers hold and the gradient of its result in
     * {@link TrainingBuffers#hiddenGradient}.
     *
     * @return gradient of the embedded tokens, [rows, hidden], for checks
     */
    public Tensor backward(int[] ids, Segments segments, KeyValuePages pages, TrainingBuffers buffers) {
        int rows = segments.totalRows();
        ForwardBuffers b = buffers.forward(rows);
        GradientBuffers g = buffers.gradients(rows);
        kernels.zero(g.stream(), rows);
        finalNorm.backward(g.normed(), b.last(), rows, g.stream());
        for (int i = blocks.size() - 1; i >= 0; i--) {
            blocks.get(i).backward(segments, pages, b.layers().get(i), g);
        }
        embedding.backward(ids, rows, g.stream());
        return g.stream();
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
        embedding.forward(ids, rows, b.stream());
        Tensor pending = null;
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i)
                    .forward(b.stream(), pending, segments, pages, b.layers().get(i), b.delta());
            pending = b.delta();
            Optional<NonFiniteRows> found =
                    firstNonFinite("model.layers." + i, b, b.layers().get(i), rows);
            if (found.isPresent()) {
                return found;
            }
        }
        finalNorm.forward(b.stream(), pending, rows, b.last());
        return NonFiniteRows.find(kernels, "model.norm", b.last().output(), rows);
    }

    private Optional<NonFiniteRows> firstNonFinite(String layer, ForwardBuffers b, LayerBuffers computed, int rows) {
        Map<String, Tensor> tensors = computed.inOrder();
        tensors.put("mlp.down_proj", b.delta());
        return tensors.entrySet().stream()
                .flatMap(e -> NonFiniteRows.find(kernels, layer + "." + e.getKey(), e.getValue(), rows).stream())
                .findFirst();
    }
}
