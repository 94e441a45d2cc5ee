// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.ModelView;
import org.sextant.api.model.Role;
import org.sextant.api.model.Scorer;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.output.Head;
import org.sextant.api.output.Output;
import org.sextant.api.random.Stream;
import org.sextant.models.files.LlamaConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.TensorReader;
import org.sextant.models.files.TensorWriter;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.InferenceBuffers;
import org.sextant.models.transformer.MemoryPlan;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;
import org.sextant.models.transformer.TransformerConfig;

/**
 * A language model in a role: its weights, and what can be computed with them. {@link #score} reads outputs off given tokens; {@link
 * #forward} does the same and can go backward; a decoder runs {@link #transformer} itself. All three give the same bits for the same tokens.
 * A model is used by one thread at a time and closed by its owner.
 */
public final class LanguageModel implements Scorer, AutoCloseable {
    private static final String WEIGHTS = "model.safetensors";
    private static final String CONFIG = "config.json";
    /** Tokens in one pass of {@link #score}, unless a single row has more. */
    private static final int SCORED_AT_ONCE = 2048;

    private final Role role;
    private final Kernels kernels;
    private final MemoryArena weights;
    private final Transformer transformer;
    private final ModelOutputs outputs;
    private final FiniteCheck check;
    private final InferenceBuffers inference;
    private Trainer trainer;

    private LanguageModel(TransformerConfig config, Set<Head> heads, Kernels kernels, Role role) {
        this.role = role;
        this.kernels = kernels;
        this.weights = kernels.arena(role.key());
        this.transformer = new Transformer(config, heads, kernels, weights);
        this.outputs = new ModelOutputs(transformer);
        this.check = new FiniteCheck(transformer);
        this.inference = transformer.inferenceBuffers(role.key() + "_activations");
    }

    // ---- where models come from
    // ------------------------------------------------------------------------------------------

    /** A policy with fresh weights: see {@link FreshWeights}. */
    public static LanguageModel fresh(TransformerConfig config, Set<Head> heads, Kernels kernels, Stream stream) {
        LanguageModel model = new LanguageModel(config, heads, kernels, Role.POLICY);
        FreshWeights.draw(model.transformer, stream);
        return model;
    }

    /**
     * A saved model, with the heads that its file has.
     *
     * @throws ModelFileException if a file is missing, damaged, or does not fit its config
     */
    public static LanguageModel load(Path directory, Kernels kernels, Role role) {
        TransformerConfig config = LlamaConfigFile.read(directory.resolve(CONFIG));
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(WEIGHTS))) {
            LanguageModel model = new LanguageModel(config, SavedWeights.heads(file), kernels, role);
            try {
                TensorReader.read(
                        file, SavedWeights.of(model.parameters()), SavedWeights.redundant(file, config), kernels);
                return model;
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
        }
    }

    /** A model of the same weights in another role, with weights of its own: the frozen reference of a run. */
    public LanguageModel copy(Role other) {
        return copy(other, transformer.heads());
    }

    /** The same with other heads: those that this model lacks begin at zero. */
    public LanguageModel copy(Role other, Set<Head> heads) {
        LanguageModel copy = new LanguageModel(transformer.config(), heads, kernels, other);
        Map<String, Parameter> byName = new HashMap<>();
        parameters().forEach(p -> byName.put(p.name(), p));
        for (Parameter p : copy.parameters()) {
            if (byName.containsKey(p.name())) {
                kernels.copy(byName.get(p.name()).value(), p.value(), p.value().rows());
            }
        }
        return copy;
    }

    /** Writes {@code config.json} and {@code model.safetensors}, each completely or not at all; equal models give equal files. */
    public void save(Path directory) {
        TensorWriter.write(directory.resolve(WEIGHTS), SavedWeights.of(parameters()), Map.of("format", "pt"), kernels);
        LlamaConfigFile.write(directory.resolve(CONFIG), config(), TensorWriter.precision(kernels));
    }

    // ---- what models compute
    // ---------------------------------------------------------------------------------------------

    /**
     * {@inheritDoc}
     *
     * <p>Keeps no activations; runs as many rows at once as fit into {@value #SCORED_AT_ONCE} tokens.
     *
     * @throws IllegalArgumentException if a row is longer than the context or has an id that the model does not know
     * @throws NonFiniteException if a number is not finite
     */
    @Override
    public Map<Output, double[]> score(Experience batch, Set<Output> wanted, double temperature) {
        Sequences all = Sequences.of(batch, config());
        Map<Output, double[]> values = new LinkedHashMap<>();
        wanted.forEach(output -> values.put(output, new double[all.layout().size(output.domain())]));
        int to;
        for (int from = 0; from < all.layout().rows(); from = to) {
            to = all.sliceEnd(from, SCORED_AT_ONCE);
            Sequences slice = all.slice(from, to);
            score(slice, wanted, temperature).forEach((output, numbers) -> {
                int at = slice.firstToken() + (output.domain() == Domain.STATE ? slice.firstRow() : 0);
                System.arraycopy(numbers, 0, values.get(output), at, numbers.length);
            });
        }
        return values;
    }

    private Map<Output, double[]> score(Sequences slice, Set<Output> wanted, double temperature) {
        Segments segments = slice.segments();
        KeyValuePages pages = inference.pages(slice.pages());
        Tensor hidden = transformer.hidden(slice.tokens(), segments, pages, inference);
        check.hidden(hidden, slice, segments, pages, inference);
        Map<Output, double[]> values = outputs.forward(hidden, slice, wanted, temperature, inference);
        check.outputs("", values, slice);
        return values;
    }

    /**
     * Outputs of a micro-batch, with all activations kept for {@link ForwardPass#backward}. The first call makes room for gradients, so a
     * model that is only scored never has any.
     *
     * @throws IllegalArgumentException if a row is longer than the context or has an id that the model does not know
     * @throws NonFiniteException if a number is not finite
     */
    public ForwardPass forward(Experience slice, Set<Output> wanted, double temperature) {
        if (trainer == null) {
            trainer = new Trainer(transformer, outputs, inference, role.key());
        }
        return trainer.forward(Sequences.of(slice, config()), wanted, temperature);
    }

    // ---- what models are
    // -------------------------------------------------------------------------------------------------

    public TransformerConfig config() {
        return transformer.config();
    }

    public Kernels kernels() {
        return kernels;
    }

    public Role role() {
        return role;
    }

    /** The blocks, for a decoder. */
    public Transformer transformer() {
        return transformer;
    }

    /** All weights in the order of the forward pass; after writing to one, tell the kernels that it {@link Kernels#changed}. */
    public List<Parameter> parameters() {
        return transformer.parameters();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Its weights, hashed anew at each call, are those that logits depend on: heads besides the vocabulary do not count.
     */
    @Override
    public ModelView view() {
        Set<String> heads = transformer.heads().stream().map(Parameter::nameOf).collect(Collectors.toSet());
        List<Parameter> base =
                parameters().stream().filter(p -> !heads.contains(p.name())).toList();
        return new ModelView(role, SavedWeights.hash(base, kernels), Optional.empty(), transformer.heads());
    }

    /** SHA-256 over names, shapes and values of all weights, heads included, as 64 hexadecimal digits. */
    public String contentHash() {
        return SavedWeights.hash(parameters(), kernels);
    }

    /** Bytes held now: weights, activations, gradients. */
    public SortedMap<String, Long> bytesByRole() {
        SortedMap<String, Long> bytes = new TreeMap<>();
        bytes.put(role.key(), weights.bytes());
        bytes.put(role.key() + "_activations", inference.bytes() + (trainer == null ? 0 : trainer.activationBytes()));
        bytes.put(role.key() + "_gradients", trainer == null ? 0 : trainer.gradientBytes());
        return bytes;
    }

    /**
     * Bytes that {@link #bytesByRole} will show, before anything is loaded; with {@code optimiser} if the model trains.
     *
     * @param heads scalar heads
     * @param tokens largest number of tokens in one training pass
     */
    public static SortedMap<String, Long> plannedBytes(
            TransformerConfig config, Set<Head> heads, Role role, boolean trains, int tokens, Kernels kernels) {
        long bytes = TensorWriter.precision(kernels).bytes();
        MemoryPlan scoring = MemoryPlan.of(config, heads.size(), SCORED_AT_ONCE, false);
        MemoryPlan training = MemoryPlan.of(config, heads.size(), tokens, true);
        SortedMap<String, Long> planned = new TreeMap<>();
        planned.put(role.key(), bytes * scoring.weights());
        planned.put(
                role.key() + "_activations", bytes * (scoring.activations() + (trains ? training.activations() : 0)));
        planned.put(role.key() + "_gradients", trains ? bytes * scoring.weights() : 0);
        if (trains) {
            planned.put("optimiser", 2 * bytes * scoring.weights());
        }
        return planned;
    }

    /**
     * Checks that a tokenizer's ids are the model's.
     *
     * @throws ModelFileException that says how they differ
     */
    public void requireFits(Tokenizer tokenizer) {
        if (tokenizer.vocabularySize() != config().vocabulary()) {
            throw new ModelFileException("the tokenizer has " + tokenizer.vocabularySize() + " ids, the model has "
                    + config().vocabulary() + "; use the tokenizer that was saved with the model");
        }
        if (!config().eos().isEmpty() && !config().eos().contains(tokenizer.eos())) {
            throw new ModelFileException("the tokenizer ends a text with id " + tokenizer.eos() + ", the model with "
                    + config().eos() + "; use the tokenizer that was saved with the model");
        }
    }

    @Override
    public void close() {
        if (trainer != null) {
            trainer.close();
        }
        inference.close();
        weights.close();
    }
}
