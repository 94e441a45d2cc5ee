// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.util.Arrays;
import java.util.function.IntSupplier;
import org.sextant.api.random.Stream;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;

/** What the measured work would cost if its products were all there is. */
final class GemmWork implements AutoCloseable {
    private final BenchSettings settings;
    private final Products products;

    GemmWork(BenchSettings settings, Kernels kernels, Stream stream) {
        this.settings = settings;
        int capacity = Math.max(settings.batch() * settings.tokens(), Math.max(chunk(), settings.prompts()));
        this.products = new Products(settings.model(), capacity, kernels, stream);
    }

    /** Products of a training step. */
    int train() {
        return products.forwardBackward(settings.batch() * settings.tokens());
    }

    /** Products of answering all prompts: the prompts in the decoder's pieces, then one token of each answer at a time. */
    int rollout() {
        int left = settings.prompts() * settings.promptTokens();
        for (; left > 0; left -= chunk()) {
            products.blocks(Math.min(left, chunk()));
        }
        for (int i = 1; i < settings.newTokens(); i++) {
            products.blocks(settings.prompts());
        }
        for (int i = 0; i < settings.newTokens(); i++) {
            products.head(settings.prompts());
        }
        return settings.prompts() * settings.newTokens();
    }

    private int chunk() {
        return DecodingSettings.forContext(settings.model().context()).chunkTokens();
    }

    /** Speed of one product of square matrices. */
    static double squareGflops(Kernels kernels, int size, Throughput.Timing timing, Stream stream) {
        try (MemoryArena arena = kernels.arena("gemm")) {
            Tensor a = arena.allocate("a", size, size);
            Tensor b = arena.allocateWeight("b", size, size, WeightFormat.FLOAT);
            Tensor c = arena.allocate("c", size, size);
            double[] row = new double[size];
            for (int r = 0; r < size; r++) {
                Arrays.setAll(row, i -> stream.nextDouble());
                kernels.writeRow(a, r, row);
                kernels.writeRow(b, r, row);
            }
            IntSupplier product = () -> {
                kernels.linear(a, size, b, null, c);
                return size;
            };
            return Throughput.best(product, timing).tokensPerSecond() * 2 * size * size / 1e9;
        }
    }

    @Override
    public void close() {
        products.close();
    }
}
