// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sextant.models.kernels.Kernels;

/** Reads named tensors of a safetensors file into memory, if they are exactly those that are expected. */
public final class TensorReader {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int NAMED = 5;

    private TensorReader() {}

    /**
     * Fills all rows. Nothing is written before names, shapes and types have been checked.
     *
     * @param ignored names that may be in the file and are not read
     * @throws ModelFileException that names the tensors which are missing, unexpected, or of another shape or type
     */
    public static void read(SafetensorsFile file, List<TensorRows> expected, Set<String> ignored, Kernels kernels) {
        List<String> problems = problems(file, expected, ignored);
        if (!problems.isEmpty()) {
            throw new ModelFileException(file.path() + " does not fit the model: " + String.join("; ", problems));
        }
        expected.forEach(rows -> fill(file, rows, kernels));
    }

    private static List<String> problems(SafetensorsFile file, List<TensorRows> expected, Set<String> ignored) {
        Set<String> wanted = expected.stream().map(TensorRows::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(file.tensors().keySet());
        Set<String> unexpected = new TreeSet<>(file.tensors().keySet());
        unexpected.removeAll(wanted);
        unexpected.removeAll(ignored);
        List<String> problems = new ArrayList<>();
        if (!missing.isEmpty()) {
            problems.add("it lacks " + some(missing));
        }
        if (!unexpected.isEmpty()) {
            problems.add("the model has no " + some(unexpected));
        }
        expected.stream().filter(rows -> !missing.contains(rows.name())).forEach(rows -> {
            TensorEntry entry = file.tensors().get(rows.name());
            if (!entry.shape().equals(rows.shape())) {
                problems.add(rows.name() + " has shape " + entry.shape() + ", the model needs " + rows.shape());
            } else if (!entry.type().numeric()) {
                problems.add(rows.name() + " is of type " + entry.type() + "; F32, F64, F16 and BF16 can be read");
            }
        });
        return problems;
    }

    private static String some(Set<String> names) {
        String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() > NAMED ? first + " and " + (names.size() - NAMED) + " more" : first;
    }

    private static void fill(SafetensorsFile file, TensorRows rows, Kernels kernels) {
        TensorEntry entry = file.tensors().get(rows.name());
        MemorySegment bytes = file.bytes(entry);
        if (entry.type() == ElementType.F32) {
            kernels.load(rows.tensor(), rows.firstRow(), rows.rows(), bytes);
            return;
        }
        double[] row = new double[rows.tensor().columns()];
        for (int r = 0; r < rows.rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                row[c] = number(entry.type(), bytes, (long) r * row.length + c);
            }
            kernels.writeRow(rows.tensor(), rows.firstRow() + r, row);
        }
    }

    private static double number(ElementType type, MemorySegment bytes, long index) {
        return switch (type) {
            case F64 -> bytes.get(DOUBLE, index * Double.BYTES);
            case F32 -> bytes.get(FLOAT, index * Float.BYTES);
            case F16 -> Float.float16ToFloat(bytes.get(SHORT, index * Short.BYTES));
            case BF16 -> Float.intBitsToFloat(bytes.get(SHORT, index * Short.BYTES) << Short.SIZE);
            default -> throw new IllegalArgumentException("numbers of type " + type + " are not read");
        };
    }
}
