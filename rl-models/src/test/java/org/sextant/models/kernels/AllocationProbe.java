// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prints the bytes that 100 warm calls of each primitive allocate. A program of its own, because a second vector width
 * in the same process spoils the compiler's profiles.
 */
final class AllocationProbe {
    private static final int ROWS = 40;
    private static final int WARM_UP = 4_000;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final Kernels k;
    private final MemoryArena arena;
    private final Map<String, Runnable> calls = new LinkedHashMap<>();

    private AllocationProbe(Kernels k) {
        this.k = k;
        this.arena = k.arena("probe");
    }

    public static void main(String[] args) {
        try (Kernels kernels = KernelsChoice.VECTOR.open(1)) {
            var probe = new AllocationProbe(kernels);
            probe.layers();
            probe.norms();
            probe.attention();
            probe.vocabulary();
            probe.memory();
            for (int i = 0; i < WARM_UP; i++) {
                probe.calls.values().forEach(Runnable::run);
            }
            probe.calls.forEach((name, call) -> System.out.println(name + " " + bytes(call)));
        }
    }

    /** The least of many attempts: the compiler works in the background, and may be late on a busy machine. */
    private static long bytes(Runnable call) {
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        long start = System.nanoTime();
        while (least > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
            long before = bean.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                call.run();
            }
            least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private Tensor random(int rows, int columns) {
        return Numbers.random(k, arena, "random", rows, columns, calls.size());
    }

    private void layers() {
        Tensor x = random(ROWS, 21);
        Tensor y = random(ROWS, 46);
        Tensor w = Numbers.weight(k, arena, "weight", 46, 21, 1);
        Tensor dw = Numbers.weight(k, arena, "weight", 46, 21, 1);
        Tensor part = Numbers.weight(k, arena, "weight", 38, 21, 1);
        Tensor half = arena.allocateWeight("half", 46, 21, WeightFormat.BF16);
        Tensor bias = random(46, 1);
        Tensor dx = random(ROWS, 21);
        Tensor norm = random(1, 21);
        Tensor inverse = random(ROWS, 1);
        Tensor active = random(ROWS, 23);
        Tensor dy = random(ROWS, 46);
        calls.put("linear", () -> k.linear(x, ROWS, w, null, y));
        calls.put("linearBackwardInput", () -> k.linearBackwardInput(y, 0, ROWS, w, dx, false));
        calls.put("linearBackwardWeight", () -> k.linearBackwardWeight(y, 0, x, ROWS, dw));
        calls.put("linear with bias", () -> k.linear(x, ROWS, w, bias, y));
        calls.put("linear of a row", () -> k.linear(x, 1, w, bias, y));
        calls.put("linear of a few rows", () -> k.linear(x, 5, w, bias, y));
        calls.put("linear of BF16", () -> k.linear(x, ROWS, half, bias, y));
        calls.put("linear of BF16 of a row", () -> k.linear(x, 1, half, bias, y));
        calls.put("linearBackwardInput of BF16", () -> k.linearBackwardInput(y, 0, ROWS, half, dx, false));
        calls.put("linearInto", () -> k.linearInto(x, ROWS, part, y, 3));
        calls.put("biasBackward", () -> k.biasBackward(y, ROWS, bias));
        calls.put("rmsNorm", () -> k.rmsNorm(x, dx, ROWS, norm, 1e-5, x, inverse));
        calls.put("rmsNormBackward", () -> k.rmsNormBackward(x, x, inverse, ROWS, norm, dx, norm));
        calls.put("swiGlu", () -> k.swiGlu(y, ROWS, active));
        calls.put("swiGluBackward", () -> k.swiGluBackward(active, y, ROWS, dy));
    }

    private void norms() {
        Tensor x = random(ROWS, 46);
        Tensor y = random(ROWS, 46);
        Tensor dx = random(ROWS, 46);
        Tensor w = random(1, 46);
        Tensor b = random(1, 46);
        Tensor statistics = random(ROWS, 2);
        Tensor head = random(1, 21);
        calls.put("layerNorm", () -> k.layerNorm(x, dx, ROWS, w, b, 1e-5, y, statistics));
        calls.put("layerNormBackward", () -> k.layerNormBackward(y, x, statistics, ROWS, w, dx, w, b));
        calls.put("headNorm", () -> k.headNorm(y, 1, 2, 21, ROWS, head, 1e-5, statistics));
        calls.put("headNormBackward", () -> k.headNormBackward(dx, x, statistics, 1, 2, 21, ROWS, head, head));
        calls.put("gelu", () -> k.gelu(x, ROWS, y));
        calls.put("geluBackward", () -> k.geluBackward(y, x, ROWS, dx));
        calls.put("dropout", () -> k.dropout(x, ROWS, 0.1, 7, y));
        calls.put("dropoutBackward", () -> k.dropoutBackward(x, ROWS, 0.1, 7, dx));
    }

    private void attention() {
        Segments segments = Numbers.sequences(ROWS - 1, 1);
        KeyValuePages pages = arena.allocatePages("pages", 1, 2, 6, 3);
        double[] frequencies = {1, 0.1, 0.01};
        Tensor qkv = random(ROWS, 60);
        Tensor out = random(ROWS, 36);
        Tensor logSumExp = random(ROWS, 6);
        Tensor dOut = random(ROWS, 36);
        Tensor dQkv = random(ROWS, 60);
        calls.put("rope", () -> k.rope(qkv, 0, 8, 6, segments, frequencies, 1, false));
        calls.put("storeKeyValues", () -> k.storeKeyValues(qkv, 36, 48, segments, pages, 0));
        calls.put("attention", () -> k.attention(qkv, 6, segments, pages, 0, 0.4, out, logSumExp));
        calls.put(
                "attentionBackward",
                () -> k.attentionBackward(qkv, 6, segments, pages, 0, 0.4, out, logSumExp, dOut, dQkv));
        calls.put("copyPage", () -> k.copyPage(pages, 0, 2, 5));
    }

    private void vocabulary() {
        int[] ids = new int[ROWS];
        double[][] numbers = new double[3][ROWS];
        Tensor logits = random(ROWS, 45);
        Tensor dLogits = random(ROWS, 45);
        calls.put(
                "vocabularyStatistics",
                () -> k.vocabularyStatistics(logits, ROWS, ids, 0, 0.7, numbers[0], numbers[1], numbers[2]));
        calls.put(
                "vocabularyStatisticsBackward",
                () -> k.vocabularyStatisticsBackward(
                        logits, ROWS, ids, 0, 0.7, numbers[0], numbers[1], numbers[2], dLogits));
        Tensor table = Numbers.weight(k, arena, "weight", 3, 45, 1);
        Tensor half = arena.allocateWeight("half", 3, 45, WeightFormat.BF16);
        calls.put("embed of a weight", () -> k.embed(ids, ROWS, table, dLogits));
        calls.put("embed of BF16", () -> k.embed(ids, ROWS, half, dLogits));
        calls.put("addRows", () -> k.addRows(table, ids, ROWS, dLogits));
        calls.put("embedBackward of a weight", () -> k.embedBackward(ids, ROWS, dLogits, table));
        calls.put("embed", () -> k.embed(ids, ROWS, logits, dLogits));
        calls.put("embedBackward", () -> k.embedBackward(ids, ROWS, dLogits, logits));
    }

    private void memory() {
        var step = new Kernels.AdamWStep(1e-3, 0.9, 0.95, 1e-8, 0.1, 0.5, 0.5, 1);
        Tensor x = random(ROWS, 13);
        Tensor y = random(ROWS, 13);
        calls.put("add", () -> k.add(x, y, ROWS));
        calls.put("copy", () -> k.copy(x, y, ROWS));
        calls.put("scale", () -> k.scale(y, ROWS, 0.999));
        calls.put("sumOfSquares", () -> k.sumOfSquares(x));
        calls.put("firstNonFiniteRow", () -> k.firstNonFiniteRow(x, ROWS));
        calls.put("adamW", () -> k.adamW(x, y, y, y, step));
        calls.put("zero", () -> k.zero(y, ROWS));
    }
}
