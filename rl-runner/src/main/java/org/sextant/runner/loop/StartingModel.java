// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.sextant.api.config.ConfigException;
import org.sextant.api.config.Problem;
import org.sextant.api.environment.Task;
import org.sextant.api.model.Role;
import org.sextant.api.phase.Phase;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.LanguageModel;
import org.sextant.models.ModelOptions;
import org.sextant.models.ModelShape;
import org.sextant.models.SequenceModel;
import org.sextant.models.TransformerShape;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.text.CharacterTokenizer;
import org.sextant.models.text.ModelTokenizer;
import org.sextant.models.text.Tokenizers;
import org.sextant.models.transformer.TransformerConfig;
import org.sextant.runner.config.FreshModel;
import org.sextant.runner.config.ModelConfig;
import org.sextant.runner.config.ModelDirectory;
import org.sextant.runner.wiring.Experiment;

/**
 * The policy that a run starts from, or goes on from, and its tokenizer: saved ones, or fresh ones for the task's alphabet. A run that has a
 * checkpoint goes on from what is saved there; what it began with may be gone.
 */
public final class StartingModel {
    private final Experiment experiment;
    private final ModelConfig config;
    private final Standing standing;
    private final Optional<Path> saved;
    private final AdapterBases bases;

    private StartingModel(Experiment experiment, Standing standing) {
        this.experiment = experiment;
        this.config = experiment.config().model();
        this.standing = standing;
        this.saved = standing.model().or(config::path);
        this.bases = new AdapterBases(config.saved());
    }

    /** Of a run that begins. */
    public static StartingModel of(Experiment experiment) {
        return new StartingModel(experiment, Standing.BEGINNING);
    }

    /** Of the run in a directory, which goes on if it has a checkpoint, and begins if not. */
    public static StartingModel of(Experiment experiment, Path run) {
        return new StartingModel(experiment, Standing.of(run));
    }

    /**
     * Checks, without loading weights into memory, that every saved model that the run still needs is there, and that its tokenizer can be read.
     *
     * @throws ModelFileException if one is not, or does not fit
     */
    public void requireSaved() {
        requireFollows(shape());
        tokenizer();
        saved.ifPresent(path -> ModelShelf.requireWanted(path, config.options()));
        starts().values().forEach(path -> {
            requireFollows(shape(path));
            ModelShelf.requireWanted(path, config.options());
            requireNothingFrozenBy(path);
        });
        saved.ifPresent(this::requireNothingFrozenBy);
        requireSomethingToRound();
        requireRoles();
    }

    /** Settings that a model of this shape cannot follow are problems of the configuration. */
    private void requireFollows(ModelShape shape) {
        List<Problem> problems = new ArrayList<>();
        shape.refused(config.options()).forEach((name, reason) -> {
            String key = "model." + name;
            problems.add(new Problem(experiment.resolved().origin(key), key, reason));
        });
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private void requireRoles() {
        ModelShape shape = shape();
        ModelOptions options = options();
        for (int i = phase(); i < experiment.phases().size(); i++) {
            Path from = starts().get(i);
            if (from != null) {
                shape = shape(from);
                options = options(from);
            }
            new RoleProblems(experiment, this, i, shape, options).require();
        }
    }

    /** Where the model of a role lies that was changing when the run was interrupted in a phase. */
    Optional<Path> interrupted(Role role, int phase) {
        return standing.position().phase() == phase && standing.position().step() > 0
                ? standing.checkpoint()
                        .map(folder -> folder.resolve(role.key()))
                        .filter(ModelDirectory::isModel)
                : Optional.empty();
    }

    /**
     * The models besides the policy that a phase will hold.
     *
     * @param shape of what it starts from
     * @param options what of that is trained
     */
    public List<PlannedRole> roles(int phase, ModelShape shape, ModelOptions options) {
        Phase own = experiment.phases().get(phase);
        return own.needs().roles().stream()
                .filter(role -> role != Role.CRITIC || !PlannedRole.criticIsHead(own))
                .sorted()
                .map(role -> PlannedRole.of(role, phase, own, this, shape, options))
                .toList();
    }

    /** The directory of the weights that an adapter of a saved model is on, or would be. */
    public Path base(Path directory) {
        return (AdapterConfigFile.isIn(directory) ? bases.find(directory) : directory)
                .toAbsolutePath()
                .normalize();
    }

    /** The same of the policy that the run begins or goes on with, if it is a saved one. */
    public Optional<Path> base() {
        return saved.map(this::base);
    }

    /** Weights that are trained are never rounded, so there must be others. */
    private void requireSomethingToRound() {
        boolean adapter = config.options().adapter().isPresent()
                || java.util.stream.Stream.concat(saved.stream(), experiment.starts().values().stream())
                        .anyMatch(AdapterConfigFile::isIn);
        boolean others = experiment.phases().stream().anyMatch(PlannedRole::freezesAny);
        if (config.options().frozenFormat() != WeightFormat.FLOAT && !adapter && !others) {
            String key = "model.frozen-weights";
            throw new ConfigException(List.of(new Problem(
                    experiment.resolved().origin(key),
                    key,
                    "there are no frozen weights to hold in bf16: all of the policy's are trained, and"
                            + " no phase needs another frozen model; add model.adapter, which freezes"
                            + " them, or leave frozen-weights out")));
        }
    }

    /** Settings that freeze weights would have nothing to freeze beside a saved adapter. */
    private void requireNothingFrozenBy(Path directory) {
        ModelOptions options = config.options();
        if (AdapterConfigFile.isIn(directory) && (options.freezeEmbeddings() || options.freezeLayers() > 0)) {
            String key = options.freezeLayers() > 0 ? "model.freeze-layers" : "model.freeze-embeddings";
            throw new ConfigException(List.of(new Problem(
                    experiment.resolved().origin(key),
                    key,
                    "there is an adapter in " + directory + ", and it leaves all weights of its model frozen already:"
                            + " leave freeze-layers and freeze-embeddings out, or fold the adapter in with ./rl export"
                            + " and start from the result")));
        }
    }

    /** Saved models that phases still start from, by position. */
    public Map<Integer, Path> starts() {
        Position done = standing.position();
        Map<Integer, Path> ahead = new TreeMap<>(experiment.starts());
        ahead.keySet().removeIf(phase -> phase < done.phase() || phase == done.phase() && done.step() > 0);
        return ahead;
    }

    /** The first phase that is still to be done. */
    public int phase() {
        return standing.position().phase();
    }

    /** What of the policy is trained, and how its base is held: what a saved adapter says counts where the settings say nothing. */
    public ModelOptions options() {
        return saved.map(this::options).orElse(config.options());
    }

    /** The same for a policy that starts from a saved model. */
    public ModelOptions options(Path directory) {
        ModelOptions options = config.options();
        return AdapterConfigFile.isIn(directory)
                ? options.withAdapter(
                                Optional.of(AdapterConfigFile.read(directory).settings()))
                        .withFrozenFormat(ModelShelf.held(directory, options))
                : options;
    }

    /**
     * The shape of the policy, known without loading it.
     *
     * @throws ModelFileException if it is a saved one whose files are not there or do not fit
     */
    public ModelShape shape() {
        return saved.map(this::shape)
                .orElseGet(() -> experiment
                        .network()
                        .<ModelShape>map(network -> network.recipe().shape(tokenizer()))
                        .orElseGet(() -> new TransformerShape(fresh(tokenizer()))));
    }

    /** The shape of a saved model, or of the one that a saved adapter is for. */
    public ModelShape shape(Path directory) {
        return NetworkFile.isIn(directory)
                ? NetworkFile.read(directory).shape()
                : new TransformerShape(
                        ModelConfigFile.read(AdapterConfigFile.isIn(directory) ? bases.find(directory) : directory));
    }

    ModelTokenizer tokenizer() {
        if (saved.isPresent()) {
            return Tokenizers.read(saved.get());
        }
        Task task = experiment.task();
        if (task.alphabet().isEmpty()) {
            throw new IllegalArgumentException("task '" + task.name()
                    + "' does not say which characters it uses, so a fresh model has no vocabulary: set"
                    + " model.path to a saved model");
        }
        String characters = (task.alphabet() + experiment.environment().alphabet())
                .codePoints()
                .distinct()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return CharacterTokenizer.of(characters);
    }

    ModelShelf shelf(Kernels kernels) {
        return new ModelShelf(kernels, config.options(), bases, experiment.networks());
    }

    /** Opens what the run begins with. */
    SequenceModel open(ModelTokenizer tokenizer, ModelShelf shelf, Kernels kernels, Streams streams) {
        Stream stream = streams.open(StreamKey.of("init"));
        SequenceModel model =
                config.path().map(path -> shelf.start(path, stream)).orElseGet(() -> fresh(tokenizer, kernels, stream));
        try {
            model.requireFits(tokenizer);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private SequenceModel fresh(ModelTokenizer tokenizer, Kernels kernels, Stream stream) {
        if (experiment.network().isPresent()) {
            return experiment.network().get().fresh(tokenizer, kernels, stream);
        }
        LanguageModel model = LanguageModel.fresh(fresh(tokenizer), Set.of(), kernels, stream);
        model.prepare(config.options());
        return model;
    }

    /** The shape of a fresh transformer. */
    private TransformerConfig fresh(ModelTokenizer tokenizer) {
        FreshModel shape = config.fresh().orElseThrow();
        return TransformerConfig.llama(
                tokenizer.vocabularySize(),
                shape.hidden(),
                shape.layers(),
                shape.heads(),
                shape.keyValueHeads(),
                shape.hidden() / shape.heads(),
                shape.intermediate(),
                shape.context(),
                shape.ropeTheta(),
                shape.normEpsilon(),
                shape.tied(),
                List.of(tokenizer.eos()),
                OptionalInt.empty());
    }
}
