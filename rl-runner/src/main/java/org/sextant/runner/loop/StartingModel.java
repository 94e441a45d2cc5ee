// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Task;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.LanguageModel;
import org.sextant.models.ModelOptions;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.text.CharacterTokenizer;
import org.sextant.models.text.ModelTokenizer;
import org.sextant.models.text.Tokenizers;
import org.sextant.models.transformer.TransformerConfig;
import org.sextant.runner.config.ModelConfig;
import org.sextant.runner.wiring.Experiment;

/** The policy that a run starts from, and its tokenizer: saved ones, or fresh ones for the task's alphabet. */
public final class StartingModel {
    private StartingModel() {}

    /**
     * The shape of the policy, known without loading it.
     *
     * @throws org.sextant.models.files.ModelFileException if it is a saved one whose files are not there or do not fit
     */
    public static TransformerConfig shape(ModelConfig config, Task task, Environment environment) {
        return config.path()
                .map(StartingModel::shape)
                .orElseGet(() -> shape(config, tokenizer(config, task, environment)));
    }

    /**
     * Checks, without loading weights, that every saved model that a run starts from is there, and that its tokenizer can be read.
     *
     * @throws org.sextant.models.files.ModelFileException if one is not, or does not fit
     */
    public static void requireSaved(Experiment experiment) {
        ModelConfig config = experiment.config().model();
        TransformerConfig shape = shape(config, experiment.task(), experiment.environment());
        if (config.options().freezeLayers() > shape.layers()) {
            throw new ModelFileException("model.freeze-layers is "
                    + config.options().freezeLayers() + ", but the model has " + shape.layers() + " layers");
        }
        config.path().ifPresent(path -> {
            Tokenizers.read(path);
            ModelShelf.requireWanted(path, config.options());
        });
        experiment.starts().values().forEach(path -> {
            shape(path);
            ModelShelf.requireWanted(path, config.options());
        });
    }

    /** What of the policy is trained: an adapter also where {@code model.path} has one and the settings name none. */
    public static ModelOptions options(ModelConfig config) {
        ModelOptions options = config.options();
        return options.adapter().isPresent()
                ? options
                : options.withAdapter(config.path()
                        .filter(AdapterConfigFile::isIn)
                        .map(path -> AdapterConfigFile.read(path).settings()));
    }

    /** The shape of a saved model, or of the one that a saved adapter is for. */
    static TransformerConfig shape(Path directory) {
        Path whole = AdapterConfigFile.isIn(directory)
                ? AdapterConfigFile.read(directory).requireBase(directory)
                : directory;
        return ModelConfigFile.read(whole);
    }

    static ModelTokenizer tokenizer(ModelConfig config, Task task, Environment environment) {
        if (config.path().isPresent()) {
            return Tokenizers.read(config.path().get());
        }
        if (task.alphabet().isEmpty()) {
            throw new IllegalArgumentException("task '" + task.name()
                    + "' does not say which characters it uses, so a fresh model has no vocabulary: set"
                    + " model.path to a saved model");
        }
        String characters = (task.alphabet() + environment.alphabet())
                .codePoints()
                .distinct()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return CharacterTokenizer.of(characters);
    }

    static LanguageModel model(
            ModelConfig config, ModelTokenizer tokenizer, ModelShelf shelf, Kernels kernels, Streams streams) {
        Stream stream = streams.open(StreamKey.of("init"));
        LanguageModel model = config.path()
                .map(path -> shelf.start(path, stream))
                .orElseGet(() -> fresh(config, tokenizer, kernels, stream));
        model.requireFits(tokenizer);
        return model;
    }

    private static LanguageModel fresh(ModelConfig config, ModelTokenizer tokenizer, Kernels kernels, Stream stream) {
        LanguageModel model = LanguageModel.fresh(shape(config, tokenizer), Set.of(), kernels, stream);
        model.prepare(config.options());
        return model;
    }

    /** The shape of a fresh model. */
    static TransformerConfig shape(ModelConfig config, ModelTokenizer tokenizer) {
        return TransformerConfig.llama(
                tokenizer.vocabularySize(),
                config.hidden(),
                config.layers(),
                config.heads(),
                config.keyValueHeads(),
                config.hidden() / config.heads(),
                config.intermediate(),
                config.context(),
                config.ropeTheta(),
                config.normEpsilon(),
                config.tied(),
                List.of(tokenizer.eos()),
                OptionalInt.empty());
    }
}
