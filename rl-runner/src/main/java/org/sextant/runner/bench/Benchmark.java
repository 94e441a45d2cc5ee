// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.util.Set;
import java.util.function.Consumer;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Kernels;

/**
 * Trains and samples a fresh model of a given shape with the classes that a run uses, and measures both beside their matrix products alone in
 * the same process. Shapes and counting are those of the peer script, so that numbers stand side by side.
 */
public final class Benchmark {
    private static final int SQUARE = 1024;

    private Benchmark() {}

    /**
     * @param kernels to measure, with {@code settings.threads()} threads; the caller closes them
     * @param progress told what is measured next
     */
    public static BenchReport run(BenchSettings settings, Kernels kernels, Consumer<String> progress) {
        return run(settings, kernels, SQUARE, Throughput.Timing.thorough(settings.repeat()), progress);
    }

    static BenchReport run(
            BenchSettings settings, Kernels kernels, int square, Throughput.Timing timing, Consumer<String> progress) {
        Streams streams = new Streams(0);
        progress.accept("products of " + square + " x " + square + " matrices");
        double gflops = GemmWork.squareGflops(kernels, square, timing, stream(streams, "square"));
        Throughput gemmTrain;
        Throughput gemmRollout;
        try (GemmWork gemm = new GemmWork(settings, kernels, stream(streams, "gemm"))) {
            progress.accept("products of training steps");
            gemmTrain = Throughput.best(gemm::train, timing);
            progress.accept("products of sampling");
            gemmRollout = Throughput.best(gemm::rollout, timing);
        }
        Throughput train;
        Throughput rollout;
        try (LanguageModel model =
                LanguageModel.fresh(settings.model(), Set.of(), kernels, stream(streams, "weights"))) {
            progress.accept("training steps");
            try (TrainingWork work = new TrainingWork(model, settings, stream(streams, "batch"))) {
                train = Throughput.best(work::step, timing);
            }
            progress.accept("sampling");
            try (RolloutWork work = new RolloutWork(model, settings, streams)) {
                rollout = Throughput.best(work::round, timing);
            }
        }
        return new BenchReport(
                kernels.describe(),
                settings.threads(),
                gflops,
                train,
                rollout,
                gemmTrain,
                gemmRollout,
                settings.flopsPerToken());
    }

    private static Stream stream(Streams streams, String purpose) {
        return streams.open(StreamKey.of(purpose));
    }
}
