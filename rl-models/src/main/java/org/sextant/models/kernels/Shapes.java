// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Checks that every implementation makes before it touches memory, and the messages of those that fail. */
final class Shapes {
    private Shapes() {}

    static IllegalArgumentException foreign(Tensor t, String kernels) {
        return new IllegalArgumentException("tensor " + t.name() + " was not made by the " + kernels
                + " kernels: allocate it from an arena of the kernels that use it");
    }

    static OutOfMemoryError shortOfMemory(
            String role, String name, long wanted, long held, String advice, Throwable cause) {
        var error = new OutOfMemoryError("no memory for " + name + " of role " + role + ": wanted " + wanted
                + " bytes, the role holds " + held + " bytes; " + advice);
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }

    static void requireSize(String name, int rows, int columns) {
        if (rows < 0 || columns < 1) {
            throw new IllegalArgumentException(
                    "tensor " + name + " of " + rows + " x " + columns + ": rows must be 0 or more, columns 1 or more");
        }
    }

    static void requirePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        if (layers < 1 || keyValueHeads < 1 || headSize < 1 || pages < 0) {
            throw new IllegalArgumentException(
                    "pages " + name + " of " + layers + " layers, " + keyValueHeads + " key/value heads, head size "
                            + headSize + ", " + pages + " pages: all but the last must be positive");
        }
    }

    static void rows(Tensor t, int rows) {
        if (rows < 0 || rows > t.rows()) {
            throw new IllegalArgumentException(
                    "tensor " + t.name() + " has " + t.rows() + " rows, but " + rows + " are to be used");
        }
    }

    static void rowRange(Tensor t, int firstRow, int rows) {
        if (firstRow < 0 || rows < 0 || firstRow > t.rows() - rows) {
            throw new IllegalArgumentException("tensor " + t.name() + " has " + t.rows() + " rows, but rows " + firstRow
                    + " to " + (firstRow + rows - 1) + " are to be used");
        }
    }

    static void columns(Tensor t, int columns) {
        if (t.columns() != columns) {
            throw new IllegalArgumentException(
                    "tensor " + t.name() + " has " + t.columns() + " columns, but " + columns + " are needed");
        }
    }

    static void columnRange(Tensor t, int first, int columns) {
        if (first < 0 || columns < 0 || first > t.columns() - columns) {
            throw new IllegalArgumentException("tensor " + t.name() + " has " + t.columns() + " columns, but columns "
                    + first + " to " + (first + columns - 1) + " are to be used");
        }
    }

    static void sameShape(Tensor a, Tensor b) {
        if (a.rows() != b.rows() || a.columns() != b.columns()) {
            throw new IllegalArgumentException("tensors " + a.name() + " [" + a.rows() + ", " + a.columns() + "] and "
                    + b.name() + " [" + b.rows() + ", " + b.columns() + "] must have the same shape");
        }
    }

    static void column(Tensor t, int row, int column) {
        rowRange(t, row, 1);
        columnRange(t, column, 1);
    }

    static void indices(int[] index, int n, Tensor t) {
        for (int i = 0; i < n; i++) {
            if (index[i] < 0 || index[i] >= t.rows()) {
                throw new IndexOutOfBoundsException(
                        "index " + index[i] + " at " + i + " is outside the " + t.rows() + " rows of " + t.name());
            }
        }
    }

    static void linear(Tensor x, int rows, Tensor w, Tensor y) {
        rows(x, rows);
        rows(y, rows);
        columns(x, w.columns());
        columns(y, w.rows());
    }

    static void swiGlu(Tensor gateUp, int rows, Tensor y) {
        rows(gateUp, rows);
        rows(y, rows);
        columns(gateUp, 2 * y.columns());
    }

    static void pages(Segments segments, KeyValuePages pages, int layer) {
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

    static void rmsNorm(Tensor x, Tensor delta, int rows, Tensor w, Tensor y, Tensor inverse) {
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

    static void rmsNormBackward(Tensor dy, Tensor x, Tensor inverse, int rows, Tensor w, Tensor dx, Tensor dw) {
        rmsNorm(x, dx, rows, w, dy, inverse);
        if (dw != null) {
            rows(dw, 1);
            columns(dw, x.columns());
        }
    }

    static void rope(
            Tensor x, int firstColumn, int heads, int headSize, Segments segments, double[] inverseFrequencies) {
        if (headSize < 2 || headSize % 2 != 0 || inverseFrequencies.length != headSize / 2) {
            throw new IllegalArgumentException(
                    "rotary positions need an even head size and half as many frequencies, not head size " + headSize
                            + " and " + inverseFrequencies.length + " frequencies");
        }
        rows(x, segments.totalRows());
        columnRange(x, firstColumn, heads * headSize);
    }

    static void storeKeyValues(
            Tensor qkv, int keyColumn, int valueColumn, Segments segments, KeyValuePages pages, int layer) {
        pages(segments, pages, layer);
        rows(qkv, segments.totalRows());
        columnRange(qkv, keyColumn, pages.keyValueHeads() * pages.headSize());
        columnRange(qkv, valueColumn, pages.keyValueHeads() * pages.headSize());
    }

    static void copyPage(KeyValuePages pages, int fromPage, int toPage, int positions) {
        if (fromPage < 0 || fromPage >= pages.pages() || toPage < 0 || toPage >= pages.pages()) {
            throw new IndexOutOfBoundsException(
                    "cannot copy page " + fromPage + " to page " + toPage + ": there are " + pages.pages() + " pages");
        }
        if (positions < 0 || positions > KeyValuePages.POSITIONS) {
            throw new IndexOutOfBoundsException(
                    positions + " positions of a page to be copied, it has " + KeyValuePages.POSITIONS);
        }
    }

    static void attention(
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

    static void attentionBackward(
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

    static void vocabulary(Tensor logits, int rows, int[] targets, int at, double temperature) {
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
