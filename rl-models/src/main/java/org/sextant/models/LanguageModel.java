// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.ModelView;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.output.Head;
import org.sextant.api.output.Output;
import org.sextant.api.random.Stream;
import org.sextant.models.decoding.Decoding;
import org.sextant.models.decoding.DecodingMemory;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.SaveFormat;
import org.sextant.models.files.SavedTensors;
import org.sextant.models.files.WeightFiles;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.optimiser.Optimiser;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.InferenceBuffers;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.TrainingBuffers;
import org.sextant.models.transformer.Transformer;
import org.sextant.models.transformer.TransformerConfig;

/**
 * A language model in a role: its weights, and what can be computed with them. {@link #score} reads outputs off given tokens; {@link
 * #forward} does the same and can go backward; a decoder runs {@link #transformer} itself. All three give the same bits for the same tokens.
 * A model is used by one thread at a time and closed by its owner.
 */
public final class LanguageModel implements SequenceModel {
    /** Tokens in one pass of {@link #score}, unless a single row has more. */
    static final int SCORED_AT_ONCE = 2048;

    private final Role role;
    private final Origin origin;
    private final Kernels kernels;
    private final MemoryArena weights;
    private final Transformer transformer;
    private final ModelOutputs outputs;
    private final FiniteCheck check;
    private final InferenceBuffers inference;
    private BaseHash baseHash = new BaseHash();
    private boolean sharesBase;
    private Trainer trainer;
    private boolean recompute;

    private LanguageModel(Role role, Origin origin, MemoryArena weights, Transformer transformer) {
        this.role = role;
        this.origin = origin;
        this.kernels = transformer.kernels();
        this.weights = weights;
        this.transformer = transformer;
        this.outputs = new ModelOutputs(transformer);
        this.check = new FiniteCheck(transformer);
        this.inference = transformer.inferenceBuffers(role.key() + "_activations");
    }

    private static LanguageModel zero(
            TransformerConfig config,
            Set<Head> heads,
            WeightFormat format,
            String account,
            Kernels kernels,
            Role role,
            Origin origin) {
        MemoryArena arena = kernels.arena(account);
        return Unowned.orGiveBack(
                arena::close,
                () -> new LanguageModel(role, origin, arena, new Transformer(config, heads, format, kernels, arena)));
    }

    /** This model, filled; closed if that fails. */
    private LanguageModel filled(Runnable filling) {
        return Unowned.orGiveBack(this::close, () -> {
            filling.run();
            return this;
        });
    }

    // ---- where models come from
    // ------------------------------------------------------------------------------------------

    /** A policy with fresh weights: see {@link FreshWeights}. */
    public static LanguageModel fresh(TransformerConfig config, Set<Head> heads, Kernels kernels, Stream stream) {
        LanguageModel model =
                zero(config, heads, WeightFormat.FLOAT, Role.POLICY.key(), kernels, Role.POLICY, Origin.FRESH);
        return model.filled(() -> FreshWeights.draw(model.transformer, model.parameters(), stream));
    }

    /** A saved model, with the heads that its file has, in the kernels' own precision. */
    public static LanguageModel load(Path directory, Kernels kernels, Role role) {
        return load(directory, kernels, role, WeightFormat.FLOAT);
    }

    /**
     * A saved model, with the heads that its file has.
     *
     * @param format in which its weights are held; other than {@link WeightFormat#FLOAT} they cannot be trained
     * @throws ModelFileException if a file is missing, damaged, or does not fit its config
     */
    public static LanguageModel load(Path directory, Kernels kernels, Role role, WeightFormat format) {
        return load(directory, kernels, role, format, Set.of());
    }

    /** The same with these heads as well: those that the file lacks begin at zero. */
    public static LanguageModel load(Path directory, Kernels kernels, Role role, WeightFormat format, Set<Head> heads) {
        return load(directory, Optional.empty(), kernels, role, format, heads, role.key());
    }

    /**
     * A saved model that others {@link #sharing share}; its weights are accounted as {@code base}.
     *
     * @param contents {@link org.sextant.models.files.Sha256#ofWeights} of the directory, which is saved beside adapters for it
     */
    public static LanguageModel base(Path directory, String contents, Kernels kernels, WeightFormat format) {
        return load(directory, Optional.of(contents), kernels, Role.POLICY, format, Set.of(), "base");
    }

    private static LanguageModel load(
            Path directory,
            Optional<String> contents,
            Kernels kernels,
            Role role,
            WeightFormat format,
            Set<Head> more,
            String account) {
        TransformerConfig config = ModelConfigFile.read(directory);
        Origin origin = Origin.of(directory, contents);
        try (SavedTensors file = WeightFiles.open(directory)) {
            Set<Head> heads = SavedWeights.heads(file);
            // No memory is taken for what the config says before the weights have said the same.
            SavedWeights.check(file, config, Transformer.planned(config, heads));
            LanguageModel model = zero(config, both(heads, more), format, account, kernels, role, origin);
            List<Parameter> saved = SavedWeights.without(heads, more, model.parameters());
            return model.filled(() -> SavedWeights.read(file, config, saved, kernels));
        }
    }

    private static Set<Head> both(Set<Head> some, Set<Head> others) {
        Set<Head> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    /**
     * A model on the weights of this one, which are frozen by that, with heads and an adapter of its own. Both are to be closed, this one
     * last.
     *
     * @param adapter drawn as PEFT draws it: it changes nothing until it is trained
     */
    public LanguageModel sharing(Role other, Set<Head> heads, Optional<AdapterSettings> adapter, Stream stream) {
        LanguageModel model = sharing(other, heads, adapter);
        return model.filled(() -> FreshWeights.draw(model.transformer, model.transformer.factors(), stream));
    }

    private LanguageModel sharing(Role other, Set<Head> heads, Optional<AdapterSettings> adapter) {
        MemoryArena arena = kernels.arena(other.key());
        LanguageModel model = Unowned.orGiveBack(
                arena::close,
                () -> new LanguageModel(other, origin, arena, transformer.sharing(heads, adapter, arena)));
        model.baseHash = baseHash;
        model.sharesBase = true;
        return model;
    }

    /** The same with the adapter that was saved in a directory, and its heads. */
    public LanguageModel sharing(Role other, Path directory) {
        return sharing(other, directory, Set.of());
    }

    /** The same with these heads as well: those that the file lacks begin at zero. */
    public LanguageModel sharing(Role other, Path directory, Set<Head> more) {
        AdapterConfigFile saved = AdapterConfigFile.read(directory);
        try (SafetensorsFile file = AdapterFiles.open(directory)) {
            AdapterFiles.check(directory, file, saved, transformer);
            Set<Head> heads = both(AdapterFiles.heads(file), more);
            LanguageModel model = sharing(other, heads, Optional.of(saved.settings()));
            return model.filled(() -> AdapterFiles.read(file, model));
        }
    }

    /**
     * A model of the same numbers in another role: the frozen reference of a run. Weights that are shared stay shared, all others are
     * copied, in the format that they have.
     */
    public LanguageModel copy(Role other) {
        return copy(other, transformer.heads());
    }

    /** The same with other heads: those that this model lacks begin at zero. */
    public LanguageModel copy(Role other, Set<Head> heads) {
        LanguageModel copy = sharesBase
                ? sharing(other, heads, transformer.adapter())
                : zero(config(), heads, transformer.format(), other.key(), kernels, other, origin);
        return copy.filled(() -> SavedWeights.copy(parameters(), copy.parameters(), kernels));
    }

    /** A whole model that computes the same: the adapter folded into the weights. */
    public LanguageModel merged() {
        LanguageModel whole =
                zero(config(), transformer.heads(), WeightFormat.FLOAT, role.key(), kernels, role, origin);
        return whole.filled(() -> MergedWeights.fill(transformer, whole.parameters(), kernels));
    }

    /** Says what is trained, before the first {@link #forward}; without it everything is, unless it is shared. */
    public void prepare(ModelOptions options) {
        recompute = options.recompute();
        transformer.freeze(options.freezeEmbeddings(), options.freezeLayers());
    }

    /**
     * Writes the model, each file completely or not at all; equal models give equal files. A model with an adapter writes the adapter and its heads
     * alone, in PEFT's layout.
     */
    @Override
    public void save(Path directory) {
        save(directory, SaveFormat.exact(kernels));
    }

    /**
     * The same in another type, or in files of another size. {@code config.json}, generation settings and the tokenizer's files are those
     * that the model was loaded with. An adapter is always saved exactly, in one file.
     */
    public void save(Path directory, SaveFormat format) {
        if (transformer.adapter().isPresent()) {
            AdapterFiles.write(directory, this, origin);
        } else {
            WeightFiles.save(directory, SavedWeights.of(parameters()), format, kernels);
            origin.save(directory, config(), format.type());
        }
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
    @Override
    public ForwardPass forward(Experience slice, Set<Output> wanted, double temperature) {
        return forward(slice, wanted, temperature, TrainingBuffers.NO_DROPOUT);
    }

    /** {@inheritDoc} Dropout is what adapters do not see. */
    @Override
    public ForwardPass forward(Experience slice, Set<Output> wanted, double temperature, long dropoutSeed) {
        if (trainer == null) {
            trainer = new Trainer(transformer, outputs, inference, role.key(), recompute);
        }
        return trainer.forward(Sequences.of(slice, config()), wanted, temperature, dropoutSeed);
    }

    // ---- what models are
    // -------------------------------------------------------------------------------------------------

    public TransformerConfig config() {
        return transformer.config();
    }

    @Override
    public int context() {
        return config().context();
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.ALL;
    }

    /** That of the kernels. */
    @Override
    public double tolerance() {
        return kernels.tolerance();
    }

    /** AdamW over {@link #trained()}. */
    @Override
    public Optimiser optimiser(OptimiserSettings settings, long totalSteps) {
        return new AdamW(trained(), settings, totalSteps, kernels);
    }

    @Override
    public Decoding decoding(DecodingSettings settings) {
        return new DecodingMemory(transformer, settings);
    }

    public Kernels kernels() {
        return kernels;
    }

    @Override
    public Role role() {
        return role;
    }

    /** The blocks, for a decoder. */
    public Transformer transformer() {
        return transformer;
    }

    /** All weights in the order of the forward pass, shared ones too. */
    public List<Parameter> parameters() {
        return transformer.parameters();
    }

    /** Those that an optimiser moves. */
    public List<Parameter> trained() {
        return parameters().stream().filter(Parameter::trains).toList();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Heads besides the vocabulary do not count. Frozen weights are hashed once for all that share them, others anew at each call.
     */
    @Override
    public ModelView view() {
        Optional<String> adapter = transformer.adapter().map(settings -> ContentHash.ofAdapter(settings, transformer));
        return new ModelView(role, baseHash.of(transformer), adapter, transformer.heads());
    }

    /** {@inheritDoc} Heads are included. */
    @Override
    public String contentHash() {
        return ContentHash.of(parameters(), kernels);
    }

    @Override
    public SortedMap<String, Long> bytesByRole() {
        SortedMap<String, Long> bytes = new TreeMap<>();
        bytes.put(role.key(), weights.bytes());
        bytes.put(role.key() + "_activations", inference.bytes() + (trainer == null ? 0 : trainer.activationBytes()));
        bytes.put(role.key() + "_gradients", trainer == null ? 0 : trainer.gradientBytes());
        return bytes;
    }

    /** {@inheritDoc} The model may have more: its embedding table may be filled up to a rounder size. */
    @Override
    public void requireFits(Tokenizer tokenizer) {
        if (tokenizer.vocabularySize() > config().vocabulary()) {
            throw new ModelFileException("the tokenizer has " + tokenizer.vocabularySize() + " ids, the model has "
                    + config().vocabulary() + "; use the tokenizer that was saved with the model");
        }
        if (!config().eos().isEmpty() && Collections.disjoint(config().eos(), tokenizer.eosIds())) {
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
