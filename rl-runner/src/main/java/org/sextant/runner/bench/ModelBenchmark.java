// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.sextant.api.model.Role;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.LanguageModel;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.TransformerConfig;

/** Measures a saved model of real size beside what bounds it: its products alone, and reading its weights once for each token of a row. */
public final class ModelBenchmark {
    private static final int NEW_TOKENS = 16;

    /** Nanoseconds before anything is measured: what was compiled for one shape is compiled anew for the next. */
    private static final long WARM_UP = 8_000_000_000L;

    private final TransformerConfig config;
    private final Kernels kernels;
    private final Settings settings;
    private final Consumer<String> progress;
    private final Streams streams = new Streams(0);
    private final Throughput.Timing timing;
    private final List<Line> lines = new ArrayList<>();

    /**
     * What is measured.
     *
     * @param batch sequences of a training step; 0 leaves training out
     * @param tokens of each, and of the prompt that is read
     * @param rows numbers of answers that are generated at once
     * @param repeat measured repeats, of which the best counts
     */
    public record Settings(int batch, int tokens, List<Integer> rows, int repeat) {}

    /**
     * Something measured.
     *
     * @param what was done
     * @param tokensPerSecond how fast
     * @param limit how fast it could be at most
     */
    public record Line(String what, double tokensPerSecond, double limit) {
        double share() {
            return tokensPerSecond / limit;
        }
    }

    private ModelBenchmark(TransformerConfig config, Kernels kernels, Settings settings, Consumer<String> progress) {
        this.config = config;
        this.kernels = kernels;
        this.settings = settings;
        this.progress = progress;
        this.timing = new Throughput.Timing(WARM_UP, 1, settings.repeat(), 0);
    }

    /** @param progress told what is measured next */
    public static List<Line> run(Path directory, Settings settings, Kernels kernels, Consumer<String> progress) {
        var benchmark = new ModelBenchmark(ModelConfigFile.read(directory), kernels, settings, progress);
        benchmark.measure(directory);
        return List.copyOf(benchmark.lines);
    }

    private void measure(Path directory) {
        progress.accept("reading memory");
        double once = ReadBandwidth.bytesPerSecond(kernels) / (4.0 * readForAToken());
        double train = 0;
        double prefill;
        double[] decode = new double[settings.rows().size()];
        int tokens = Math.max(settings.batch(), 1) * settings.tokens();
        int most = Math.max(tokens, Collections.max(settings.rows()));
        try (Products products = new Products(config, most, kernels, stream("gemm"))) {
            progress.accept("products of a prompt");
            prefill = Throughput.best(() -> products.blocks(settings.tokens()), timing)
                    .tokensPerSecond();
            for (int i = 0; i < decode.length; i++) {
                int rows = settings.rows().get(i);
                progress.accept("products of " + rows + " answers");
                decode[i] =
                        Throughput.best(() -> generated(products, rows), timing).tokensPerSecond();
            }
            if (settings.batch() > 0) {
                progress.accept("products of a training step");
                train = Throughput.best(() -> products.forwardBackward(tokens), timing)
                        .tokensPerSecond();
            }
        }
        try (LanguageModel model = LanguageModel.load(directory, kernels, Role.POLICY)) {
            prompt(model, prefill);
            for (int i = 0; i < decode.length; i++) {
                answers(
                        model,
                        settings.rows().get(i),
                        Math.min(decode[i], once * settings.rows().get(i)));
            }
            if (settings.batch() > 0) {
                progress.accept("training steps");
                try (TrainingWork work =
                        new TrainingWork(model, settings.batch(), settings.tokens(), stream("batch"))) {
                    lines.add(new Line(
                            "train", Throughput.best(work::step, timing).tokensPerSecond(), train));
                }
            }
        }
    }

    /** Weights that a token must meet: all but an embedding table of its own, of which it needs a row. */
    private long readForAToken() {
        long table = (long) config.vocabulary() * config.hidden();
        return config.parameterCount() - (config.tied() ? 0 : table);
    }

    private static int generated(Products products, int rows) {
        for (int i = 0; i < NEW_TOKENS; i++) {
            products.blocks(rows);
            products.head(rows);
        }
        return rows * NEW_TOKENS;
    }

    private void prompt(LanguageModel model, double limit) {
        progress.accept("a prompt");
        try (RolloutWork work = new RolloutWork(model, 1, settings.tokens(), 1, streams)) {
            int read = settings.tokens();
            double speed = Throughput.best(() -> work.round() * read, timing).tokensPerSecond();
            lines.add(new Line("prefill", speed, limit));
        }
    }

    private void answers(LanguageModel model, int rows, double limit) {
        progress.accept(rows + " answers");
        try (RolloutWork work = new RolloutWork(model, rows, 1, NEW_TOKENS, streams)) {
            lines.add(new Line(
                    "decode " + rows, Throughput.best(work::round, timing).tokensPerSecond(), limit));
        }
    }

    private Stream stream(String purpose) {
        return streams.open(StreamKey.of(purpose));
    }

    /** For people. */
    public static List<String> text(List<Line> lines) {
        return lines.stream()
                .map(line -> String.format(
                        Locale.ROOT,
                        "%-10s %,10.1f tokens/s, %3.0f %% of %,.1f that products or memory allow",
                        line.what(),
                        line.tokensPerSecond(),
                        100 * line.share(),
                        line.limit()))
                .toList();
    }

    /** For programs: {@code {"decode 8": {"tokens_per_second", "limit"}, …}}. */
    public static String json(List<Line> lines, Kernels kernels) {
        ObjectNode top = new ObjectMapper().createObjectNode();
        lines.forEach(line -> top.putObject(line.what())
                .put("tokens_per_second", line.tokensPerSecond())
                .put("limit", line.limit()));
        return top.put("kernels", kernels.describe()).toString();
    }
}
