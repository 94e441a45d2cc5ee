// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SaveFormat;
import org.sextant.models.files.WeightFiles;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.optimiser.Optimiser;
import org.sextant.models.transformer.AdapterSettings;
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
    private final Role role;
    private final Origin origin;
    private final Kernels kernels;
    private final MemoryArena weights;
    private final Transformer transformer;
    private final ModelOutputs outputs;
    private final Scoring scoring;
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
        this.scoring = new Scoring(transformer, outputs, role.key());
    }

    static LanguageModel zero(
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
    LanguageModel filled(Runnable filling) {
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

    /** A model of a shape in a role, with fresh weights and heads at zero. */
    public static LanguageModel fresh(
            TransformerConfig config, Set<Head> heads, Kernels kernels, Role role, Stream stream) {
        LanguageModel model = zero(config, heads, WeightFormat.FLOAT, role.key(), kernels, role, Origin.FRESH);
        return model.filled(() -> FreshWeights.draw(model.transformer, model.transformer.base(), stream));
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
        return new SavedModel(directory, role, heads).whole(Optional.empty(), kernels, format, role.key());
    }

    /**
     * A saved model that others {@link #sharing share}; its weights are accounted as {@code base}.
     *
     * @param contents {@link org.sextant.models.files.Sha256#ofWeights} of the directory, which is saved beside adapters for it
     */
    public static LanguageModel base(Path directory, String contents, Kernels kernels, WeightFormat format) {
        return new SavedModel(directory, Role.POLICY, Set.of()).whole(Optional.of(contents), kernels, format, "base");
    }

    /**
     * A model on the weights of this one, which are frozen by that, with heads and an adapter of its own. Both are to be closed, this one
     * last.
     *
     * @param heads begin with those of this model, or at zero
     * @param adapter drawn as PEFT draws it: it changes nothing until it is trained
     */
    public LanguageModel sharing(Role other, Set<Head> heads, Optional<AdapterSettings> adapter, Stream stream) {
        LanguageModel model = sharing(other, heads, adapter);
        return model.filled(() -> {
            FreshWeights.draw(model.transformer, model.transformer.factors(), stream);
            SavedWeights.copyHeads(transformer, model.transformer, other, kernels);
        });
    }

    LanguageModel sharing(Role other, Set<Head> heads, Optional<AdapterSettings> adapter) {
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
        return new SavedModel(directory, other, more).adapter(this);
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
     * <p>Keeps no activations; runs as many rows at once as fit into {@value Scoring#AT_ONCE} tokens.
     *
     * @throws IllegalArgumentException if a row is longer than the context or has an id that the model does not know
     * @throws NonFiniteException if a number is not finite
     */
    @Override
    public Map<Output, double[]> score(Experience batch, Set<Output> wanted, double temperature) {
        return scoring.score(Sequences.of(batch, config()), wanted, temperature);
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
            trainer = new Trainer(transformer, outputs, scoring.buffers(), role.key(), recompute);
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
        return new AdamW(trained(), settings, totalSteps, kernels, PlannedMemory.optimiser(role));
    }

    /** {@inheritDoc} Of a model with an adapter its factors move, not their product. */
    @Override
    public void moveTowards(SequenceModel other, double rate) {
        if (!(other instanceof LanguageModel towards)) {
            throw new IllegalArgumentException("a transformer cannot move towards a network of another kind");
        }
        MovingAverage.move(towards.averaged(), averaged(), rate, kernels);
    }

    /** Heads are no part of what a reference computes. */
    private List<Parameter> averaged() {
        List<Parameter> averaged = new ArrayList<>(transformer.base());
        averaged.addAll(transformer.factors());
        return averaged;
    }

    @Override
    public Decoding decoding(DecodingSettings settings) {
        return new DecodingMemory(transformer, settings);
    }

    public Kernels kernels() {
        return kernels;
    }

    @Override
    public Set<Head> heads() {
        return transformer.heads();
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
        bytes.put(
                role.key() + "_activations",
                scoring.buffers().bytes() + (trainer == null ? 0 : trainer.activationBytes()));
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
        scoring.close();
        weights.close();
    }
}
