// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sextant.models.kernels.Kernels;

/** Reads named tensors of files into memory, if they are exactly those that are expected. */
public final class TensorReader {
    private static final int MOST_PROBLEMS = 5;

    private TensorReader() {}

    /**
     * Fills all rows. Nothing is written before names, shapes and types have been checked.
     *
     * @param ignored names that may be in the file and are not read
     * @throws ModelFileException that names the tensors which are missing, unexpected, or of another shape or type, or the first number that is not
     *     finite
     */
    public static void read(SavedTensors saved, List<TensorRows> expected, Set<String> ignored, Kernels kernels) {
        check(saved, expected, ignored);
        RowReader reader = new RowReader(kernels);
        inTheOrderOfTheFiles(saved, expected).forEach(rows -> {
            TensorEntry entry = saved.tensors().get(rows.name());
            try {
                reader.read(entry.type(), saved.bytes(entry), rows);
            } catch (RowReader.NotFinite e) {
                throw new ModelFileException(
                        saved.file(entry) + ": tensor '" + Shown.text(rows.name()) + "': " + e.getMessage()
                                + "; weights must be finite"
                                + (entry.type() == ElementType.F64 ? ", and in the range of float32" : ""),
                        e);
            }
        });
    }

    /**
     * Checks names, shapes and types alone. Of the expected rows nothing but names and shapes is looked at: their tensors may be plans, so that
     * a file is seen to fit before memory is taken for what it says.
     */
    public static void check(SavedTensors saved, List<TensorRows> expected, Set<String> ignored) {
        List<String> problems = problems(saved, expected, ignored);
        if (!problems.isEmpty()) {
            String more = problems.size() > MOST_PROBLEMS ? "; and " + (problems.size() - MOST_PROBLEMS) + " more" : "";
            throw new ModelFileException(saved.path() + " does not fit the model: "
                    + problems.stream().limit(MOST_PROBLEMS).collect(Collectors.joining("; ")) + more);
        }
    }

    /** Disks and their caches read forward faster. */
    private static List<TensorRows> inTheOrderOfTheFiles(SavedTensors saved, List<TensorRows> expected) {
        return expected.stream()
                .sorted(Comparator.comparingLong(
                        rows -> saved.bytes(saved.tensors().get(rows.name())).address()))
                .toList();
    }

    private static List<String> problems(SavedTensors saved, List<TensorRows> expected, Set<String> ignored) {
        Set<String> wanted = expected.stream().map(TensorRows::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(saved.tensors().keySet());
        Set<String> unexpected = new TreeSet<>(saved.tensors().keySet());
        unexpected.removeAll(wanted);
        unexpected.removeAll(ignored);
        List<String> problems = new ArrayList<>();
        if (!missing.isEmpty()) {
            problems.add("it lacks " + Shown.names(missing));
        }
        if (!unexpected.isEmpty()) {
            problems.add("the model has no " + Shown.names(unexpected));
        }
        expected.stream().filter(rows -> !missing.contains(rows.name())).forEach(rows -> {
            TensorEntry entry = saved.tensors().get(rows.name());
            if (!entry.shape().equals(rows.shape())) {
                problems.add(rows.name() + " has shape " + entry.shape() + ", the model needs " + rows.shape());
            } else if (!entry.type().numeric()) {
                problems.add(rows.name() + " is of type " + entry.type() + "; F32, F64, F16 and BF16 can be read");
            }
        });
        return problems;
    }
}
