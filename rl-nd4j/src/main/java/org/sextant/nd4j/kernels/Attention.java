// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.nd4j.kernels.Scratch.Slot;

/**
 * Causal attention of grouped queries on chunks of segments, all key/value heads at once. With S the scaled scores, m their maximum in a row and
 * E = exp(S − m): out = E·V / rowsum(E), log-sum-exp = m + log rowsum(E). A position that a row does not see has −10⁹ times its distance added
 * to its score, so its weight is exactly 0.
 */
final class Attention {
    private static final double UNSEEN = 1e9;

    private final Scratch scratch;
    private final Operations operations;
    private final SegmentPlan plan;

    /**
     * @param qkv activations whose first columns are the queries
     * @param width numbers in a row of {@code qkv}
     */
    record Task(INDArray qkv, int width, int heads, Nd4jPages pages, int layer, double scale) {
        int group() {
            return heads / pages.keyValueHeads();
        }

        int queryWidth() {
            return heads * pages.headSize();
        }
    }

    Attention(Scratch scratch, Operations operations, SegmentPlan plan) {
        this.operations = operations;
        this.scratch = scratch;
        this.plan = plan;
    }

    /** @param logSumExp [rows, heads], or null */
    void forward(Task task, INDArray out, INDArray logSumExp) {
        for (AttentionChunk chunk : plan.chunks()) {
            if (chunk.totalRows() > 0) {
                forward(task, chunk, out, logSumExp);
            }
        }
    }

    private void forward(Task task, AttentionChunk chunk, INDArray out, INDArray logSumExp) {
        int size = task.pages().headSize();
        int width = task.queryWidth();
        Rows queries = filled(task.qkv(), task.width(), width, chunk, Slot.QUERIES);
        INDArray keys = heads(gathered(task, chunk, task.pages().keys(), Slot.KEYS), chunk, task);
        INDArray values = heads(gathered(task, chunk, task.pages().values(), Slot.VALUES), chunk, task);
        INDArray bias = bias(chunk);
        boolean dense = chunk.isDense();
        Rows result = dense
                ? new Rows(out, (long) chunk.firstRow() * width, width)
                : new Rows(scratch.numbers(Slot.OUTPUTS, (long) chunk.filledRows() * width), 0, width);
        INDArray sums = scratch.matrix(Slot.HEAD_ROWS, chunk.filledRows(), task.heads());
        for (int j = 0; j < task.group(); j++) {
            INDArray scores = scores(task, chunk, queries, j, keys, bias);
            INDArray column = column(chunk, task, Slot.ROWS);
            INDArray total = column(chunk, task, Slot.MORE_ROWS);
            weights(scores, column, total, chunk, task);
            INDArray output = queryHeads(result, chunk, task, j, size);
            operations.product(scores, false, values, false, 1, 0, output);
            INDArray contiguous = fourDimensions(Slot.B, chunk, task, size);
            contiguous.assign(output);
            operations.divide(contiguous, total, contiguous);
            output.assign(contiguous);
            operations.log(total, total);
            operations.add(column, total, column);
            perHead(sums, chunk, task, j).assign(column);
        }
        if (!dense) {
            unfill(result.array(), width, chunk, out, width, 0);
        }
        if (logSumExp != null) {
            unfill(sums, task.heads(), chunk, logSumExp, task.heads(), 0);
        }
    }

    /** Scores become their exponentials; {@code column} receives their maximum in each row, {@code total} the sum. */
    private void weights(INDArray scores, INDArray column, INDArray total, AttentionChunk chunk, Task task) {
        long rows = (long) chunk.filledRows() * task.pages().keyValueHeads();
        INDArray flat = Views.matrix(scores, 0, rows, chunk.positions());
        INDArray flatColumn = Views.matrix(column, 0, rows, 1);
        operations.rowMaximum(flat, Views.vector(column, 0, rows));
        operations.subtract(flat, flatColumn, flat);
        operations.exp(flat, flat);
        operations.product(flat, false, scratch.ones(chunk.positions()), false, 1, 0, Views.matrix(total, 0, rows, 1));
    }

    /** Scores of the queries of head j of every group. */
    private INDArray scores(Task task, AttentionChunk chunk, Rows queries, int j, INDArray keys, INDArray bias) {
        INDArray scores = fourDimensions(Slot.A, chunk, task, chunk.positions());
        INDArray q = queryHeads(queries, chunk, task, j, task.pages().headSize());
        operations.product(q, false, keys, true, task.scale(), 0, scores);
        operations.add(scores, bias, scores);
        return scores;
    }

    /**
     * With P = exp(S − log-sum-exp) and δ = rowsum(dO ∘ O): dV = Pᵀ·dO, dS = P ∘ (dO·Vᵀ − δ), dQ = scale · dS·K, dK = scale · dSᵀ·Q. Rows that
     * fill up see nothing, so their P is 0 and they add nothing.
     */
    void backward(Task task, INDArray out, INDArray logSumExp, INDArray dOut, INDArray dQkv) {
        for (AttentionChunk chunk : plan.chunks()) {
            if (chunk.totalRows() > 0) {
                backward(task, chunk, out, logSumExp, dOut, dQkv);
            }
        }
    }

    private void backward(
            Task task, AttentionChunk chunk, INDArray out, INDArray logSumExp, INDArray dOut, INDArray dQkv) {
        int size = task.pages().headSize();
        int width = task.queryWidth();
        int keyWidth = task.pages().width();
        Rows queries = filled(task.qkv(), task.width(), width, chunk, Slot.QUERIES);
        INDArray keys = heads(gathered(task, chunk, task.pages().keys(), Slot.KEYS), chunk, task);
        INDArray values = heads(gathered(task, chunk, task.pages().values(), Slot.VALUES), chunk, task);
        Rows gradients = filled(dOut, width, width, chunk, Slot.OUTPUTS);
        Rows sums = filled(logSumExp, task.heads(), task.heads(), chunk, Slot.HEAD_ROWS);
        INDArray bias = bias(chunk);
        INDArray along = along(task, chunk, filled(out, width, width, chunk, Slot.D), gradients);
        Rows dQ = new Rows(scratch.numbers(Slot.QUERY_GRADIENTS, (long) chunk.filledRows() * width), 0, width);
        INDArray dKeys = scratch.numbers(Slot.KEY_GRADIENTS, (long) chunk.filledPositions() * keyWidth);
        INDArray dValues = scratch.numbers(Slot.VALUE_GRADIENTS, (long) chunk.filledPositions() * keyWidth);
        INDArray dK = heads(dKeys, chunk, task);
        INDArray dV = heads(dValues, chunk, task);
        for (int j = 0; j < task.group(); j++) {
            double rest = j == 0 ? 0 : 1;
            INDArray q = queryHeads(queries, chunk, task, j, size);
            INDArray dO = queryHeads(gradients, chunk, task, j, size);
            INDArray p = scores(task, chunk, queries, j, keys, bias);
            INDArray column = column(chunk, task, Slot.ROWS);
            column.assign(perHead(sums, chunk, task, j));
            operations.subtract(p, column, p);
            operations.exp(p, p);
            operations.product(p, true, dO, false, 1, rest, dV);
            INDArray dS = fourDimensions(Slot.B, chunk, task, chunk.positions());
            operations.product(dO, false, values, true, 1, 0, dS);
            column.assign(perHead(along, chunk, task, j));
            operations.subtract(dS, column, dS);
            operations.multiply(dS, p, dS);
            operations.product(dS, false, keys, false, task.scale(), 0, queryHeads(dQ, chunk, task, j, size));
            operations.product(dS, true, q, false, task.scale(), rest, dK);
        }
        unfill(dQ.array(), width, chunk, dQkv, task.width(), 0);
        unfill(dKeys, keyWidth, chunk, dQkv, task.width(), width);
        unfill(dValues, keyWidth, chunk, dQkv, task.width(), width + keyWidth);
    }

    /** rowsum(dO ∘ O) for each filled-up row and head. */
    private INDArray along(Task task, AttentionChunk chunk, Rows out, Rows gradients) {
        long rows = (long) chunk.filledRows() * task.heads();
        int size = task.pages().headSize();
        INDArray products = scratch.matrix(Slot.A, rows, size);
        operations.multiply(
                Views.matrix(out.array(), out.first(), rows, size),
                Views.matrix(gradients.array(), gradients.first(), rows, size),
                products);
        INDArray sums = scratch.matrix(Slot.C, rows, 1);
        operations.product(products, false, scratch.ones(size), false, 1, 0, sums);
        return sums;
    }

    /** Rows of a matrix from some number on. */
    private record Rows(INDArray array, long first, int width) {}

    /** The first columns of the chunk's rows, filled up. */
    private Rows filled(INDArray matrix, int width, int columns, AttentionChunk chunk, Slot slot) {
        if (chunk.isDense()) {
            return new Rows(matrix, (long) chunk.firstRow() * width, width);
        }
        INDArray to = scratch.matrix(slot, chunk.filledRows(), columns);
        INDArray from = Views.of(matrix, 0, new long[] {matrix.size(0), columns}, new long[] {width, 1});
        operations.gather(from, plan.numbers(chunk.rowsAt(), chunk.filledRows()), to);
        return new Rows(to, 0, columns);
    }

    /** The reverse: filled-up rows to columns of the rows that they are. */
    private void unfill(
            INDArray filled, int columns, AttentionChunk chunk, INDArray matrix, int width, int firstColumn) {
        INDArray to = Views.of(
                matrix,
                (long) chunk.firstRow() * width + firstColumn,
                new long[] {chunk.totalRows(), columns},
                new long[] {width, 1});
        INDArray from = Views.matrix(filled, 0, chunk.filledRows(), columns);
        if (chunk.isDense()) {
            to.assign(from);
        } else {
            int most = Sizes.rounded(chunk.totalRows());
            INDArray found = scratch.matrix(Slot.D, most, columns);
            operations.gather(from, plan.numbers(chunk.filledAt(), most), found);
            to.assign(Views.matrix(found, 0, chunk.totalRows(), columns));
        }
    }

    private INDArray gathered(Task task, AttentionChunk chunk, INDArray store, Slot slot) {
        INDArray to = scratch.matrix(slot, chunk.filledPositions(), task.pages().width());
        INDArray slots = plan.numbers(chunk.slotsAt(), chunk.filledPositions());
        operations.gather(task.pages().layer(store, task.layer()), slots, to);
        return to;
    }

    /** [segments, 1, rows, positions]: 0 where the row sees the position. */
    private INDArray bias(AttentionChunk chunk) {
        INDArray rows = scratch.matrix(Slot.ROWS, chunk.filledRows(), 1);
        rows.assign(plan.column(chunk.rowPositionsAt(), chunk.filledRows()));
        INDArray mask = scratch.matrix(Slot.MASK, chunk.filledRows(), chunk.positions());
        operations.subtract(rows, counted(chunk.positions()), mask);
        operations.atMost(mask, 0, mask);
        operations.scale(mask, UNSEEN, mask);
        long area = (long) chunk.rows() * chunk.positions();
        return Views.of(mask, 0, new long[] {chunk.segments(), 1, chunk.rows(), chunk.positions()}, new long[] {
            area, area, chunk.positions(), 1
        });
    }

    /** 0, 1, 2 … in a row. */
    private INDArray counted(int positions) {
        INDArray numbers = scratch.counted(positions);
        return Views.matrix(numbers, 0, 1, positions);
    }

    /** Keys or values as [segments, keyValueHeads, positions, headSize]. */
    private static INDArray heads(INDArray gathered, AttentionChunk chunk, Task task) {
        int width = task.pages().width();
        int size = task.pages().headSize();
        return Views.heads(
                gathered, 0, chunk.segments(), task.pages().keyValueHeads(), chunk.positions(), size, width, size);
    }

    /** Head j of every group as [segments, keyValueHeads, rows, headSize]. */
    private static INDArray queryHeads(Rows rows, AttentionChunk chunk, Task task, int j, int size) {
        return Views.heads(
                rows.array(),
                rows.first() + (long) j * size,
                chunk.segments(),
                task.pages().keyValueHeads(),
                chunk.rows(),
                size,
                rows.width(),
                (long) task.group() * size);
    }

    /** Numbers of head j of every group in a matrix [filled rows, heads], as [segments, keyValueHeads, rows, 1]. */
    private static INDArray perHead(Rows rows, AttentionChunk chunk, Task task, int j) {
        return Views.heads(
                rows.array(),
                rows.first() + j,
                chunk.segments(),
                task.pages().keyValueHeads(),
                chunk.rows(),
                1,
                task.heads(),
                task.group());
    }

    private static INDArray perHead(INDArray matrix, AttentionChunk chunk, Task task, int j) {
        return perHead(new Rows(matrix, 0, task.heads()), chunk, task, j);
    }

    private INDArray column(AttentionChunk chunk, Task task, Slot slot) {
        return fourDimensions(slot, chunk, task, 1);
    }

    private INDArray fourDimensions(Slot slot, AttentionChunk chunk, Task task, int columns) {
        long heads = task.pages().keyValueHeads();
        long rows = chunk.rows();
        INDArray numbers = scratch.numbers(slot, chunk.segments() * heads * rows * columns);
        return Views.of(numbers, 0, new long[] {chunk.segments(), heads, rows, columns}, new long[] {
            heads * rows * columns, rows * columns, columns, 1
        });
    }
}
