// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.sextant.api.random.Stream;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.TransformerConfig;

/**
 * The products of weights and activations of the measured work, and nothing else of it: what the work would cost if they were all there is.
 * Products inside attention are not among them.
 */
final class GemmWork implements AutoCloseable {
    private final BenchSettings settings;
    private final Kernels kernels;
    private final MemoryArena arena;
    private final int capacity;
    private final Stream stream;
    private final Map<String, Tensor> activations = new HashMap<>();
    private final List<Product> layers = new ArrayList<>();
    private final Product head;

    /** {@code y = x·wᵀ} with room for its gradients. */
    private record Product(Tensor x, Tensor w, Tensor y, Tensor dx, Tensor dw, Tensor dy) {}

    GemmWork(BenchSettings settings, Kernels kernels, Stream stream) {
        this.settings = settings;
        this.kernels = kernels;
        this.stream = stream;
        this.arena = kernels.arena("gemm");
        this.capacity = Math.max(settings.batch() * settings.tokens(), Math.max(chunk(), settings.prompts()));
        TransformerConfig model = settings.model();
        int hidden = model.hidden();
        for (int i = 0; i < model.layers(); i++) {
            layers.add(product("qkv" + i, hidden, 3 * hidden));
            layers.add(product("output" + i, hidden, hidden));
            layers.add(product("gateUp" + i, hidden, 2 * model.intermediate()));
            layers.add(product("down" + i, model.intermediate(), hidden));
        }
        this.head = product("head", hidden, model.vocabulary());
    }

    private Product product(String name, int in, int out) {
        Tensor w = arena.allocateWeight(name, out, in, WeightFormat.FLOAT);
        fill(w);
        return new Product(
                activation("x", in),
                w,
                activation("y", out),
                activation("dx", in),
                arena.allocateLike(name + " gradient", w),
                activation("dy", out));
    }

    /** Layers of a shape take turns with the same activations, as they do in a cache of this size anyway. */
    private Tensor activation(String name, int columns) {
        return activations.computeIfAbsent(name + columns, key -> {
            Tensor made = arena.allocate(key, capacity, columns);
            fill(made);
            return made;
        });
    }

    private void fill(Tensor tensor) {
        double[] row = new double[tensor.columns()];
        for (int r = 0; r < tensor.rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                row[c] = stream.nextDouble() - 0.5;
            }
            kernels.writeRow(tensor, r, row);
        }
    }

    /** Products of a training step. */
    int train() {
        int rows = settings.batch() * settings.tokens();
        for (Product p : layers) {
            forwardBackward(p, rows);
        }
        forwardBackward(head, rows);
        return rows;
    }

    private void forwardBackward(Product p, int rows) {
        kernels.linear(p.x, rows, p.w, null, p.y);
        kernels.linearBackwardInput(p.dy, 0, rows, p.w, p.dx, false);
        kernels.linearBackwardWeight(p.dy, 0, p.x, rows, p.dw);
    }

    /** Products of answering all prompts: the prompts in the decoder's pieces, then one token of each answer at a time. */
    int rollout() {
        int left = settings.prompts() * settings.promptTokens();
        for (; left > 0; left -= chunk()) {
            forward(Math.min(left, chunk()));
        }
        for (int i = 1; i < settings.newTokens(); i++) {
            forward(settings.prompts());
        }
        for (int i = 0; i < settings.newTokens(); i++) {
            kernels.linear(head.x, settings.prompts(), head.w, null, head.y);
        }
        return settings.prompts() * settings.newTokens();
    }

    private void forward(int rows) {
        for (Product p : layers) {
            kernels.linear(p.x, rows, p.w, null, p.y);
        }
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
        arena.close();
    }
}
