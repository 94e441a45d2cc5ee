// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sextant.api.random.Stream;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.TransformerConfig;

/** The products of weights and activations of a model, and nothing else of it. Products inside attention are not among them. */
final class Products implements AutoCloseable {
    private final Kernels kernels;
    private final MemoryArena arena;
    private final int capacity;
    private final Stream stream;
    private final Map<String, Tensor> activations = new HashMap<>();
    private final List<Product> layers = new ArrayList<>();
    private final Product head;

    /** {@code y = x·wᵀ} with room for its gradients. */
    private record Product(Tensor x, Tensor w, Tensor y, Tensor dx, Tensor dw, Tensor dy) {}

    /** @param capacity most rows */
    Products(TransformerConfig model, int capacity, Kernels kernels, Stream stream) {
        this.kernels = kernels;
        this.stream = stream;
        this.capacity = capacity;
        this.arena = kernels.arena("gemm");
        for (int i = 0; i < model.layers(); i++) {
            layers.add(product("qkv" + i, model.hidden(), model.qkvWidth()));
            layers.add(product("output" + i, model.attendedWidth(), model.hidden()));
            layers.add(product("feedForward" + i, model.hidden(), model.feedForwardWidth()));
            layers.add(product("down" + i, model.intermediate(), model.hidden()));
        }
        this.head = product("head", model.hidden(), model.vocabulary());
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

    /** Forward and backward, head included. */
    int forwardBackward(int rows) {
        layers.forEach(p -> forwardBackward(p, rows));
        forwardBackward(head, rows);
        return rows;
    }

    private void forwardBackward(Product p, int rows) {
        kernels.linear(p.x, rows, p.w, null, p.y);
        kernels.linearBackwardInput(p.dy, 0, rows, p.w, p.dx, false);
        kernels.linearBackwardWeight(p.dy, 0, p.x, rows, p.dw);
    }

    /** Forward, without the head. */
    int blocks(int rows) {
        for (Product p : layers) {
            kernels.linear(p.x, rows, p.w, null, p.y);
        }
        return rows;
    }

    /** The head alone, forward. */
    void head(int rows) {
        kernels.linear(head.x, rows, head.w, null, head.y);
    }

    @Override
    public void close() {
        arena.close();
    }
}
