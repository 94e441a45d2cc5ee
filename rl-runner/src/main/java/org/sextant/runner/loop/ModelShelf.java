// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.random.Stream;
import org.sextant.models.LanguageModel;
import org.sextant.models.ModelOptions;
import org.sextant.models.SequenceModel;
import org.sextant.models.files.AdapterBaseFile;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.network.Networks;
import org.sextant.models.transformer.AdapterSettings;

/** Opens saved models. What adapters were made for is loaded once, and shared by all that have an adapter for it; whoever opens a model closes it. */
public final class ModelShelf implements AutoCloseable {
    private final Kernels kernels;
    private final ModelOptions options;
    private final AdapterBases found;
    private final Networks networks;
    private final Map<Base, LanguageModel> bases = new LinkedHashMap<>();

    private record Base(Path directory, WeightFormat held) {}

    /**
     * @param found where the models of adapters are
     * @param networks what opens networks that are not transformers
     */
    public ModelShelf(Kernels kernels, ModelOptions options, AdapterBases found, Networks networks) {
        this.kernels = kernels;
        this.options = options;
        this.found = found;
        this.networks = networks;
    }

    /**
     * The model of a directory: a network, a whole transformer, or an adapter on a shared one. It has the head of its role; a transformer's is at
     * zero if none is saved.
     *
     * @throws org.sextant.models.files.ModelFileException if files are missing, damaged, or do not fit
     */
    public SequenceModel open(Path directory, Role role) {
        return NetworkFile.isIn(directory) ? networks.open(directory, role, kernels) : openTransformer(directory, role);
    }

    /** The same of a directory that must have a transformer. */
    public LanguageModel openTransformer(Path directory, Role role) {
        if (role == Role.POLICY) {
            return openWhole(directory, role, Set.of(), options);
        }
        return AdapterConfigFile.isIn(directory)
                ? adapted(directory, role)
                : LanguageModel.load(directory, kernels, role, options.frozenFormat(), heads(role));
    }

    /**
     * A policy with more heads than it was saved with; those begin at zero.
     *
     * @throws ModelFileException if it is a network, which has the outputs that it has
     */
    SequenceModel openPolicy(Path directory, Set<Head> more) {
        return NetworkFile.isIn(directory)
                ? networks.open(directory, Role.POLICY, kernels)
                : openWhole(directory, Role.POLICY, more, options);
    }

    /** A saved model of a role besides the policy that is to change: in full precision, with the head of its role. */
    SequenceModel openChanging(Path directory, Role role, ModelOptions trained) {
        return NetworkFile.isIn(directory)
                ? networks.open(directory, role, kernels)
                : openWhole(directory, role, heads(role), trained);
    }

    /** The same of one that begins to change; a critic gets an adapter of the settings if there is none. */
    SequenceModel startChanging(Path directory, Role role, Stream stream) {
        boolean adapts = role == Role.CRITIC
                && options.adapter().isPresent()
                && !AdapterConfigFile.isIn(directory)
                && !NetworkFile.isIn(directory);
        return adapts
                ? prepared(
                        base(directory, options.frozenFormat()).sharing(role, heads(role), options.adapter(), stream),
                        options)
                : openChanging(directory, role, options);
    }

    private LanguageModel openWhole(Path directory, Role role, Set<Head> more, ModelOptions trained) {
        return prepared(
                AdapterConfigFile.isIn(directory)
                        ? base(found.find(directory), held(directory, options)).sharing(role, directory, more)
                        : LanguageModel.load(directory, kernels, role, WeightFormat.FLOAT, more),
                trained);
    }

    /** A model of the shape of a saved transformer, with fresh weights, all of them trained, and heads at zero. */
    SequenceModel fresh(Path directory, Role role, Stream stream) {
        Path shape = AdapterConfigFile.isIn(directory) ? found.find(directory) : directory;
        return prepared(
                LanguageModel.fresh(ModelConfigFile.read(shape), heads(role), kernels, role, stream), wholeOptions());
    }

    ModelOptions options() {
        return options;
    }

    /** Nothing is frozen. */
    ModelOptions wholeOptions() {
        return ModelOptions.PLAIN.withRecompute(options.recompute());
    }

    /**
     * A policy to start from: the model of a directory, with a fresh adapter if one is wanted. A saved adapter is trained on.
     *
     * @throws ModelFileException also if the directory has an adapter, and another one is wanted
     */
    SequenceModel start(Path directory, Stream stream) {
        requireWanted(directory, options);
        if (options.adapter().isEmpty() || AdapterConfigFile.isIn(directory)) {
            return open(directory, Role.POLICY);
        }
        return prepared(
                base(directory, options.frozenFormat()).sharing(Role.POLICY, Set.of(), options.adapter(), stream),
                options);
    }

    /**
     * Checks that a saved adapter is what the settings ask for, if they ask for one.
     *
     * @throws ModelFileException if it is not
     */
    static void requireWanted(Path directory, ModelOptions options) {
        if (options.adapter().isEmpty() || !AdapterConfigFile.isIn(directory)) {
            return;
        }
        AdapterSettings saved = AdapterConfigFile.read(directory).settings();
        AdapterSettings wanted = options.adapter().get();
        if (!saved.equals(wanted)) {
            throw new ModelFileException(
                    directory + " has an adapter of " + saved + ", model.adapter asks for " + wanted
                            + "; to train the saved one on, leave model.adapter out; for a new one, fold the saved one"
                            + " in with ./rl export and start from the result");
        }
    }

    private static LanguageModel prepared(LanguageModel model, ModelOptions trained) {
        try {
            model.prepare(trained);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private LanguageModel adapted(Path directory, Role role) {
        return base(found.find(directory), held(directory, options)).sharing(role, directory, heads(role));
    }

    /** Heads that a model of a role has beside the vocabulary's. */
    public static Set<Head> heads(Role role) {
        return role.head().map(Set::of).orElse(Set.of());
    }

    /**
     * How the model that an adapter is for is held: as it was when the adapter was trained, or an adapter that was trained on rounded weights would
     * meet others. Where nothing is known of that, or it was held in full, the settings decide.
     */
    static WeightFormat held(Path adapter, ModelOptions options) {
        Optional<WeightFormat> trainedOn = AdapterBaseFile.read(adapter).map(AdapterBaseFile::held);
        return trainedOn.filter(format -> format != WeightFormat.FLOAT).orElse(options.frozenFormat());
    }

    private LanguageModel base(Path directory, WeightFormat held) {
        return bases.computeIfAbsent(
                new Base(directory.toAbsolutePath().normalize(), held),
                base -> LanguageModel.base(base.directory(), found.contents(directory), kernels, held));
    }

    /** Bytes of what is shared. */
    public long sharedBytes() {
        return bases.values().stream()
                .flatMap(base -> base.bytesByRole().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public void close() {
        bases.values().forEach(LanguageModel::close);
        bases.clear();
    }
}
