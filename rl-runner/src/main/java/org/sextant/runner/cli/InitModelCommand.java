// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sextant.models.files.ElementType;
import org.sextant.models.files.SaveFormat;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.TransformerConfig;
import org.sextant.runner.shapes.RandomModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl init-model DIR}. */
@Command(
        name = "init-model",
        header = "Make a model of random weights in the shape of a published one.",
        description = {
            "%nWrites config.json, weights and a tokenizer's files as the Hugging Face hub has them: to measure time"
                    + " and",
            "memory with, or to try an experiment, before the real weights are there.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rl init-model models/random --shape qwen2.5-0.5b",
            "  ./rl init-model models/random --shape my/config.json --tokenizer models/gpt2"
        },
        mixinStandardHelpOptions = true)
final class InitModelCommand implements Callable<Integer> {
    /** Types that weights are published in. */
    enum Type {
        bf16(ElementType.BF16),
        f16(ElementType.F16),
        f32(ElementType.F32);

        private final ElementType element;

        Type(ElementType element) {
            this.element = element;
        }
    }

    @ParentCommand
    private Main main;

    @Parameters(paramLabel = "DIR", description = "Directory to write; must be empty or not there.")
    private Path directory;

    @Option(
            names = "--shape",
            required = true,
            paramLabel = "SHAPE",
            description = "gpt2, llama-3.2-1b, qwen2.5-0.5b, qwen3-0.6b, or the path of a config.json.")
    private String shape;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "Directory whose tokenizer it gets; default: none.")
    private Path tokenizer;

    @Option(
            names = "--eos",
            paramLabel = "TOKEN",
            defaultValue = "<|endoftext|>",
            description = "Ends a text, where the tokenizer's files do not say; default: ${DEFAULT-VALUE}.")
    private String eos;

    @Option(
            names = "--type",
            defaultValue = "bf16",
            description = "Of the weights: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private Type type;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the weights; default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private KernelsOptions kernels;

    @Override
    public Integer call() {
        SaveFormat format = new SaveFormat(type.element, SaveFormat.DEFAULT_SHARD_BYTES);
        RandomModel model = new RandomModel(shape, Optional.ofNullable(tokenizer), eos, format, seed);
        try (Kernels chosen = kernels.open(0)) {
            TransformerConfig made = model.write(directory, chosen);
            main.out()
                    .printf(
                            "%s: %s, %,d weights, %d layers of %d, context %,d%n",
                            directory,
                            made.family().modelType(),
                            made.parameterCount(),
                            made.layers(),
                            made.hidden(),
                            made.context());
        }
        return ExitCode.OK;
    }
}
