// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sextant.api.model.Role;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.ModelOptions;
import org.sextant.models.SequenceModel;
import org.sextant.models.decoding.Decoding;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.network.Networks;
import org.sextant.models.text.ModelTokenizer;
import org.sextant.models.text.Tokenizers;
import org.sextant.runner.loop.ModelShelf;
import org.sextant.runner.wiring.Catalogs;
import org.sextant.runner.wiring.Wiring;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl generate MODEL}. */
@Command(
        name = "generate",
        header = "Let a saved model answer prompts.",
        description = "%nPrompts are arguments, or lines of standard input. The same seed gives the same answers.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rl generate runs/quickstart/1 \"12+34=\" \"7*8=\"",
            "  ./rl generate runs/quickstart/1/model --temperature 0.8 --samples 4 \"12+34=\"",
            "  ./rl generate runs/quickstart/1 --json < prompts.txt"
        },
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Directory of a saved model, or of a run.")
    private Path model;

    @Parameters(index = "1..*", paramLabel = "PROMPT", description = "Prompts; without any, lines of standard input.")
    private List<String> prompts = List.of();

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "Answers to each prompt; default: ${DEFAULT-VALUE}.")
    private int samples;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Sample at this temperature, above 0; without it, the most probable tokens are taken.")
    private Double temperature;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Longest answer; default: ${DEFAULT-VALUE}.")
    private int maxNewTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "A text that ends an answer; repeatable.")
    private List<String> stop = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the samples; default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private KernelsOptions kernels;

    @Option(names = "--json", description = "Print one JSON object for each answer.")
    private boolean json;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "Model that an adapter is for, where it is not where the adapter says.")
    private Path base;

    @Override
    public Integer call() throws IOException {
        if (samples < 1 || maxNewTokens < 1 || temperature != null && !(temperature > 0)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--samples and --max-new-tokens must be at least 1, --temperature above 0");
        }
        Path directory = SavedRun.model(model);
        ModelTokenizer tokenizer = Tokenizers.read(directory);
        Networks networks = Wiring.of(main.plugins()).get(Catalogs.class).installedNetworks();
        List<String> asked = prompts.isEmpty() ? lines() : prompts;
        try (Kernels chosen = kernels.open(0);
                ModelShelf shelf = new ModelShelf(chosen, ModelOptions.PLAIN, SavedRun.bases(base), networks);
                SequenceModel policy = shelf.open(directory, Role.POLICY)) {
            policy.requireFits(tokenizer);
            DecodingSettings settings = DecodingSettings.forContext(policy.context());
            try (Decoding decoding = policy.decoding(settings);
                    Decoder decoder = decoding.open(tokenizer)) {
                answer(decoder, tokenizer, asked);
            }
        }
        return ExitCode.OK;
    }

    private static List<String> lines() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return in.lines().toList();
    }

    private void answer(Decoder decoder, ModelTokenizer tokenizer, List<String> asked) {
        Sampling sampling = temperature == null ? Sampling.greedyDecoding() : Sampling.atTemperature(temperature);
        Streams streams = new Streams(seed);
        List<String> promptOfRow = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            int[] prompt = tokenizer.encodePrompt(asked.get(i));
            Decoder.Row first = null;
            for (int sample = 0; sample < samples; sample++) {
                var stream = streams.open(new StreamKey("generate", 0, i, sample));
                Decoder.Row row =
                        first == null ? decoder.open(prompt, sampling, stream) : decoder.fork(first, sampling, stream);
                first = first == null ? row : first;
                promptOfRow.add(asked.get(i));
            }
        }
        Stop until = new Stop(maxNewTokens, tokenizer.eosIds(), stop);
        List<Completion> answers = decoder.run(until, completion -> {});
        for (int row = 0; row < answers.size(); row++) {
            print(promptOfRow.get(row), answers.get(row), tokenizer);
        }
    }

    private void print(String prompt, Completion completion, ModelTokenizer tokenizer) {
        String answer = tokenizer.decode(completion.tokens());
        if (!json) {
            main.out().println(prompt + answer);
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("prompt", prompt);
        line.put("answer", answer);
        line.put("finish", completion.finish().name().toLowerCase(Locale.ROOT));
        line.put("tokens", completion.tokens().length);
        line.put("logp", Arrays.stream(completion.oldLogp()).sum());
        main.out().println(Json.line(line));
    }
}
