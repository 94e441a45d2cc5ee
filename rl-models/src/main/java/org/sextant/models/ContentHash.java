// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.sextant.models.files.ElementType;
import org.sextant.models.files.Sha256;
import org.sextant.models.files.TensorRows;
import org.sextant.models.files.TensorWriter;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;

/**
 * SHA-256 over names, shapes and values, in the order of names; a tensor whose numbers are all float32 is digested as such, any other in float64. So
 * it is the same for every kind of kernels that holds the same numbers, and for a large model takes little more than half as long as float64 would.
 */
final class ContentHash {
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Numbers in a block, or a row if it has more: what is read and digested stays in the second-level cache. */
    private static final int BLOCK = 1 << 16;

    private final MessageDigest digest = Sha256.digest();
    private final Kernels kernels;
    private byte[] bytes = {};

    private ContentHash(Kernels kernels) {
        this.kernels = kernels;
    }

    static String of(List<Parameter> parameters, Kernels kernels) {
        return of("", parameters, kernels);
    }

    /** Identity of an adapter: its factors, and what their product is multiplied by. */
    static String ofAdapter(AdapterSettings settings, Transformer model) {
        return of("scale " + settings.scale() + "\n", model.factors(), model.kernels());
    }

    private static String of(String preface, List<Parameter> parameters, Kernels kernels) {
        ContentHash hash = new ContentHash(kernels);
        hash.add(preface);
        SavedWeights.of(parameters).stream()
                .sorted(Comparator.comparing(TensorRows::name))
                .forEach(hash::add);
        return HexFormat.of().formatHex(hash.digest.digest());
    }

    private void add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(TensorRows rows) {
        ElementType type = areFloats(rows) ? ElementType.F32 : ElementType.F64;
        int columns = rows.tensor().columns();
        add(rows.name() + " " + type + " " + rows.rows() + " " + columns + "\n");
        int atOnce = Math.clamp(BLOCK / columns, 1, rows.rows());
        if (bytes.length < atOnce * columns * type.bytes()) {
            bytes = new byte[atOnce * columns * type.bytes()];
        }
        for (int row = 0; row < rows.rows(); row += atOnce) {
            int count = Math.min(atOnce, rows.rows() - row);
            read(rows.tensor(), rows.firstRow() + row, count, type);
            digest.update(bytes, 0, count * columns * type.bytes());
        }
    }

    private boolean areFloats(TensorRows rows) {
        if (TensorWriter.precision(kernels) == ElementType.F32) {
            return true;
        }
        double[] row = new double[rows.tensor().columns()];
        for (int r = 0; r < rows.rows(); r++) {
            kernels.readRow(rows.tensor(), rows.firstRow() + r, row);
            for (double number : row) {
                if (Double.compare((float) number, number) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void read(Tensor tensor, int firstRow, int count, ElementType type) {
        MemorySegment into = MemorySegment.ofArray(bytes);
        if (type == ElementType.F32) {
            kernels.store(tensor, firstRow, count, into);
            return;
        }
        double[] row = new double[tensor.columns()];
        for (int r = 0; r < count; r++) {
            kernels.readRow(tensor, firstRow + r, row);
            MemorySegment.copy(row, 0, into, DOUBLE, (long) r * row.length * Double.BYTES, row.length);
        }
    }
}
