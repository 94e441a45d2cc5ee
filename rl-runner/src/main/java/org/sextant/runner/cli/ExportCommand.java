// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sextant.api.model.Role;
import org.sextant.models.LanguageModel;
import org.sextant.models.ModelOptions;
import org.sextant.models.files.ElementType;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.files.SaveFormat;
import org.sextant.models.files.WholeDirectory;
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.network.Networks;
import org.sextant.models.text.ModelTokenizer;
import org.sextant.models.text.Tokenizers;
import org.sextant.runner.loop.ModelShelf;
import org.sextant.runner.wiring.ChosenKernels;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl export MODEL OUT}. */
@Command(
        name = "export",
        header = "Save a model as a whole, in the type and file size that others want.",
        description =
                "%nAn adapter is folded into the weights that it is for. transformers and vLLM load the result.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rl export runs/gsm8k/1 my-model",
            "  ./rl export runs/gsm8k/1/model my-model --type bf16 --max-shard-bytes 2000000000"
        },
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    /** Types that others read. */
    enum SavedType {
        F32,
        F16,
        BF16
    }

    @ParentCommand
    private Main main;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Directory of a saved model or adapter, or of a run.")
    private Path model;

    @Parameters(index = "1", paramLabel = "OUT", description = "Directory to write; must be empty or not there.")
    private Path out;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "f32",
            description = "f32, f16 or bf16, rounded to nearest; default: ${DEFAULT-VALUE}.")
    private SavedType type;

    @Option(
            names = "--max-shard-bytes",
            paramLabel = "N",
            defaultValue = "5000000000",
            description = "Most bytes of one file; default: ${DEFAULT-VALUE}.")
    private long maxShardBytes;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "Model that an adapter is for, where it is not where the adapter says.")
    private Path base;

    @Override
    public Integer call() {
        if (maxShardBytes < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--max-shard-bytes must be at least 1");
        }
        Path directory = SavedRun.model(model);
        if (NetworkFile.isIn(directory)) {
            throw new ModelFileException("the model in " + directory + " is a network of "
                    + NetworkFile.read(directory).provider()
                    + ", and export writes transformers, in the layout that others"
                    + " load them from; the network's own files are there already");
        }
        Optional<ModelTokenizer> tokenizer = Tokenizers.readIfThere(directory);
        try (Kernels kernels = ChosenKernels.open(KernelsChoice.AUTO, Device.CPU, 0);
                ModelShelf shelf = new ModelShelf(kernels, ModelOptions.PLAIN, SavedRun.bases(base), Networks.NONE);
                LanguageModel loaded = shelf.openTransformer(directory, Role.POLICY)) {
            WholeDirectory.write(out, to -> {
                save(loaded, to);
                tokenizer.ifPresent(t -> t.save(to));
                return to;
            });
        }
        main.out()
                .println("wrote " + out
                        + (tokenizer.isEmpty() ? ", without a tokenizer: " + directory + " has none" : ""));
        return ExitCode.OK;
    }

    private void save(LanguageModel loaded, Path to) {
        SaveFormat format = new SaveFormat(ElementType.valueOf(type.name()), maxShardBytes);
        if (loaded.transformer().adapter().isPresent()) {
            try (LanguageModel whole = loaded.merged()) {
                whole.save(to, format);
            }
        } else {
            loaded.save(to, format);
        }
    }
}
