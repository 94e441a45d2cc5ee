// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Checks that every implementation makes before it touches memory, and the messages of those that fail. */
public final class Shapes {
    private Shapes() {}

    public static IllegalArgumentException foreign(Tensor t, String kernels) {
        return new IllegalArgumentException("tensor " + t.name() + " was not made by the " + kernels
                + " kernels: allocate it from an arena of the kernels that use it");
    }

    public static OutOfMemoryError shortOfMemory(
            String role, String name, long wanted, long held, String advice, Throwable cause) {
        var error = new OutOfMemoryError("no memory for " + name + " of role " + role + ": wanted " + wanted
                + " bytes, the role holds " + held + " bytes; " + advice);
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }

    public static void requireSize(String name, int rows, int columns) {
        if (rows < 0 || columns < 1) {
            throw new IllegalArgumentException(
                    "tensor " + name + " of " + rows + " x " + columns + ": rows must be 0 or more, columns 1 or more");
        }
    }

    public static void requirePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        if (layers < 1 || keyValueHeads < 1 || headSize < 1 || pages < 0) {
            throw new IllegalArgumentException(
                    "pages " + name + " of " + layers + " layers, " + keyValueHeads + " key/value heads, head size "
                            + headSize + ", " + pages + " pages: all but the last must be positive");
        }
    }

    public static void rows(Tensor t, int rows) {
        if (rows < 0 || rows > t.rows()) {
            throw new IllegalArgumentException(
                    "tensor " + t.name() + " has " + t.rows() + " rows, but " + rows + " are to be used");
        }
    }

    public static void rowRange(Tensor t, int firstRow, int rows) {
        if (firstRow < 0 || rows < 0 || firstRow > t.rows() - rows) {
            throw new IllegalArgumentException("tensor " + t.name() + " has " + t.rows() + " rows, but rows " + firstRow
                    + " to " + (firstRow + rows - 1) + " are to be used");
        }
    }

    public static void columns(Tensor t, int columns) {
        if (t.columns() != columns) {
            throw new IllegalArgumentException(
                    "tensor " + t.name() + " has " + t.columns() + " columns, but " + columns + " are needed");
        }
    }

    public static void columnRange(Tensor t, int first, int columns) {
        if (first < 0 || columns < 0 || first > t.columns() - columns) {
            throw new IllegalArgumentException("tensor " + t.name() + " has " + t.columns() + " columns, but columns "
                    + first + " to " + (first + columns - 1) + " are to be used");
        }
    }

    public static void sameShape(Tensor a, Tensor b) {
        sameKind(a, b);
        trainable(a);
        if (a.rows() != b.rows() || a.columns() != b.columns()) {
            throw new IllegalArgumentException("tensors " + a.name() + " [" + a.rows() + ", " + a.columns() + "] and "
                    + b.name() + " [" + b.rows() + ", " + b.columns() + "] must have the same shape");
        }
    }

    public static void column(Tensor t, int row, int column) {
        rowRange(t, row, 1);
        columnRange(t, column, 1);
    }

    public static void indices(int[] index, int n, Tensor t) {
        for (int i = 0; i < n; i++) {
            if (index[i] < 0 || index[i] >= t.rows()) {
                throw new IndexOutOfBoundsException(
                        "index " + index[i] + " at " + i + " is outside the " + t.rows() + " rows of " + t.name());
            }
        }
    }

    /** Row i of {@code y} goes with row {@code index[i]} of a table, which may be a weight. */
    public static void lookUp(Tensor table, int[] index, int n, Tensor y) {
        activation(y);
        rows(y, n);
        columns(y, table.columns());
        indices(index, n, table);
    }

    /** Rows of activations, or whole weights. */
    public static void elements(Tensor t, int rows) {
        rows(t, rows);
        if (t.weightFormat().isPresent() && rows != t.rows()) {
            throw new IllegalArgumentException("weight " + t.name() + " has " + t.rows() + " rows, but " + rows
                    + " are to be used: weights are taken whole");
        }
    }

    /** Two tensors of a kind, element by element. */
    public static void pairs(Tensor a, Tensor b, int rows) {
        elements(a, rows);
        elements(b, rows);
        columns(b, a.columns());
        sameKind(a, b);
    }

    public static void sameKind(Tensor a, Tensor b) {
        if (a.weightFormat().isPresent() != b.weightFormat().isPresent()) {
            throw new IllegalArgumentException("tensors " + a.name() + " and " + b.name()
                    + " must both be weights (from allocateWeight) or both not");
        }
    }

    public static void weight(Tensor w) {
        if (w.weightFormat().isEmpty()) {
            throw new IllegalArgumentException(
                    "tensor " + w.name() + " is no weight: products need one from allocateWeight");
        }
    }

    public static void activation(Tensor t) {
        if (t.weightFormat().isPresent()) {
            throw new IllegalArgumentException(
                    "tensor " + t.name() + " is a weight: a tensor from allocate is needed here");
        }
    }

    /** Rounding would lose small steps, so what is trained, and its gradient, is not BF16. */
    public static void trainable(Tensor t) {
        if (t.weightFormat().isPresent() && t.weightFormat().get() != WeightFormat.FLOAT) {
            throw new IllegalArgumentException("weight " + t.name() + " is held as "
                    + t.weightFormat().get() + ", which is only read: what is computed must be FLOAT");
        }
    }

    public static void linear(Tensor x, int rows, Tensor w, Tensor bias, Tensor y) {
        columns(y, w.rows());
        product(x, rows, w, y, 0);
        if (bias != null) {
            activation(bias);
            columns(bias, 1);
            rows(bias, w.rows());
        }
    }

    /** {@code y} at the columns from {@code firstColumn} on. */
    public static void product(Tensor x, int rows, Tensor w, Tensor y, int firstColumn) {
        weight(w);
        activation(x);
        activation(y);
        rows(x, rows);
        rows(y, rows);
        columns(x, w.columns());
        columnRange(y, firstColumn, w.rows());
    }

    public static void biasBackward(Tensor dy, int rows, Tensor dBias) {
        rows(dy, rows);
        columns(dBias, 1);
        if (dBias.rows() != dy.columns()) {
            throw new IllegalArgumentException("tensor " + dBias.name() + " has " + dBias.rows() + " rows, but "
                    + dy.name() + " has " + dy.columns() + " columns");
        }
    }

    public static void dropout(Tensor x, int rows, double probability, Tensor y) {
        activation(x);
        pairs(x, y, rows);
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException(
                    "dropout probability is " + probability + ", must be at least 0 and below 1");
        }
    }

    public static void swiGlu(Tensor gateUp, int rows, Tensor y) {
        rows(gateUp, rows);
        rows(y, rows);
        columns(gateUp, 2 * y.columns());
    }

    public static void pages(Segments segments, KeyValuePages pages, int layer) {
        if (layer < 0 || layer >= pages.layers()) {
            throw new IllegalArgumentException(
                    "layer " + layer + " is outside the " + pages.layers() + " layers of the pages");
        }
        for (int s = 0; s < segments.count(); s++) {
            int[] table = segments.pageTable(s);
            int used = (segments.past(s) + segments.rows(s) + KeyValuePages.POSITIONS - 1) / KeyValuePages.POSITIONS;
            for (int i = 0; i < used; i++) {
                if (table[i] < 0 || table[i] >= pages.pages()) {
                    throw new IndexOutOfBoundsException("page " + table[i] + " of segment " + s + " is outside the "
                            + pages.pages() + " pages allocated");
                }
            }
        }
    }

    public static void rmsNorm(Tensor x, Tensor delta, int rows, Tensor w, Tensor y, Tensor inverse) {
        rows(x, rows);
        rows(y, rows);
        rows(inverse, rows);
        rows(w, 1);
        columns(w, x.columns());
        columns(y, x.columns());
        columns(inverse, 1);
        if (delta != null) {
            rows(delta, rows);
            columns(delta, x.columns());
        }
    }

    public static void rmsNormBackward(Tensor dy, Tensor x, Tensor inverse, int rows, Tensor w, Tensor dx, Tensor dw) {
        rmsNorm(x, dx, rows, w, dy, inverse);
        if (dw != null) {
            rows(dw, 1);
            columns(dw, x.columns());
        }
    }

    public static void layerNorm(Tensor x, Tensor delta, int rows, Tensor w, Tensor b, Tensor y, Tensor statistics) {
        rows(x, rows);
        rows(y, rows);
        rows(statistics, rows);
        rows(w, 1);
        rows(b, 1);
        columns(w, x.columns());
        columns(b, x.columns());
        columns(y, x.columns());
        columns(statistics, 2);
        if (delta != null) {
            rows(delta, rows);
            columns(delta, x.columns());
        }
    }

    public static void layerNormBackward(
            Tensor dy, Tensor x, Tensor statistics, int rows, Tensor w, Tensor dx, Tensor dw, Tensor db) {
        if ((dw == null) != (db == null)) {
            throw new IllegalArgumentException("the gradients of a layer norm's weight and bias come together");
        }
        layerNorm(x, dx, rows, w, dw == null ? w : db, dy, statistics);
        if (dw != null) {
            rows(dw, 1);
            columns(dw, x.columns());
        }
    }

    public static void headNorm(
            Tensor x, int firstColumn, int heads, int headSize, int rows, Tensor w, Tensor inverse) {
        rows(x, rows);
        rows(inverse, rows);
        rows(w, 1);
        columns(w, headSize);
        columnRange(x, firstColumn, heads * headSize);
        columnRange(inverse, 0, heads);
    }

    public static void headNormBackward(
            Tensor dx,
            Tensor x,
            Tensor inverse,
            int firstColumn,
            int heads,
            int headSize,
            int rows,
            Tensor w,
            Tensor dw) {
        headNorm(x, firstColumn, heads, headSize, rows, w, inverse);
        rows(dx, rows);
        columns(dx, x.columns());
        if (dw != null) {
            rows(dw, 1);
            columns(dw, headSize);
        }
    }

    public static void rope(
            Tensor x, int firstColumn, int heads, int headSize, Segments segments, double[] inverseFrequencies) {
        if (headSize < 2 || headSize % 2 != 0 || inverseFrequencies.length != headSize / 2) {
            throw new IllegalArgumentException(
                    "rotary positions need an even head size and half as many frequencies, not head size " + headSize
                            + " and " + inverseFrequencies.length + " frequencies");
        }
        rows(x, segments.totalRows());
        columnRange(x, firstColumn, heads * headSize);
    }

    public static void storeKeyValues(
            Tensor qkv, int keyColumn, int valueColumn, Segments segments, KeyValuePages pages, int layer) {
        pages(segments, pages, layer);
        rows(qkv, segments.totalRows());
        columnRange(qkv, keyColumn, pages.keyValueHeads() * pages.headSize());
        columnRange(qkv, valueColumn, pages.keyValueHeads() * pages.headSize());
    }

    public static void copyPage(KeyValuePages pages, int fromPage, int toPage, int positions) {
        if (fromPage < 0 || fromPage >= pages.pages() || toPage < 0 || toPage >= pages.pages()) {
            throw new IndexOutOfBoundsException(
                    "cannot copy page " + fromPage + " to page " + toPage + ": there are " + pages.pages() + " pages");
        }
        if (positions < 0 || positions > KeyValuePages.POSITIONS) {
            throw new IndexOutOfBoundsException(
                    positions + " positions of a page to be copied, it has " + KeyValuePages.POSITIONS);
        }
    }

    public static void attention(
            Tensor qkv,
            int heads,
            Segments segments,
            KeyValuePages pages,
            int layer,
            double scale,
            Tensor out,
            Tensor logSumExp) {
        if (!(scale > 0)) {
            throw new IllegalArgumentException("attention scale is " + scale + ", must be above 0");
        }
        if (heads < 1 || heads % pages.keyValueHeads() != 0) {
            throw new IllegalArgumentException(
                    heads + " query heads cannot be shared by " + pages.keyValueHeads() + " key/value heads");
        }
        pages(segments, pages, layer);
        rows(qkv, segments.totalRows());
        rows(out, segments.totalRows());
        columnRange(qkv, 0, heads * pages.headSize());
        columns(out, heads * pages.headSize());
        if (logSumExp != null) {
            rows(logSumExp, segments.totalRows());
            columns(logSumExp, heads);
        }
    }

    public static void attentionBackward(
            Tensor qkv, int heads, Segments segments, KeyValuePages pages, Tensor out, Tensor dOut, Tensor dQkv) {
        columns(qkv, (heads + 2 * pages.keyValueHeads()) * pages.headSize());
        columns(dQkv, qkv.columns());
        rows(dQkv, segments.totalRows());
        columns(dOut, out.columns());
        rows(dOut, segments.totalRows());
        for (int s = 0; s < segments.count(); s++) {
            if (segments.past(s) != 0) {
                throw new IllegalArgumentException("segment " + s + " begins at position " + segments.past(s)
                        + ": gradients need whole sequences");
            }
        }
    }

    public static void vocabulary(Tensor logits, int rows, int[] targets, int at, double temperature) {
        rows(logits, rows);
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("temperature is " + temperature + ", must be above 0");
        }
        for (int i = at; targets != null && i < at + rows; i++) {
            if (targets[i] < 0 || targets[i] >= logits.columns()) {
                throw new IndexOutOfBoundsException(
                        "target " + targets[i] + " at " + i + " is outside the vocabulary of " + logits.columns());
            }
        }
    }
}
