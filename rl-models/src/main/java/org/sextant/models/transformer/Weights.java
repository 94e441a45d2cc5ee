// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.Parameter.Form;
import org.sextant.models.transformer.Parameter.Kind;
import org.sextant.models.transformer.Parameter.Part;

/** Makes the parameters of a model in one arena, or finds them in the model that it shares weights with. */
final class Weights {
    private final TransformerConfig config;
    private final WeightNames names;
    private final WeightFormat format;
    private final MemoryArena arena;
    private final Map<String, Parameter> shared = new HashMap<>();
    private final List<Parameter> used = new ArrayList<>();

    /** @param shared parameters that are used instead of making new ones of their names */
    Weights(TransformerConfig config, WeightFormat format, MemoryArena arena, List<Parameter> shared) {
        this.config = config;
        this.names = config.family().names();
        this.format = format;
        this.arena = arena;
        shared.forEach(p -> this.shared.put(p.name(), p));
    }

    /** All parameters asked for so far, in the order of the forward pass. */
    List<Parameter> used() {
        return List.copyOf(used);
    }

    Parameter embedding() {
        return table(names.embedding(), config.vocabulary());
    }

    Parameter positions() {
        return table(names.positions(), config.context());
    }

    Parameter vocabularyHead() {
        return table(names.vocabularyHead(), config.vocabulary());
    }

    private Parameter table(String module, int rows) {
        String name = module + ".weight";
        return matrix(name, rows, config.hidden(), format, List.of(new Part(name, 0, rows, Form.MATRIX)));
    }

    /** Belongs to the view that asks, hence is never shared. */
    Parameter scalarHead(Head head) {
        String name = Parameter.nameOf(head);
        shared.remove(name);
        return matrix(name, 1, config.hidden(), WeightFormat.FLOAT, List.of(new Part(name, 0, 1, Form.MATRIX)));
    }

    /** A factor of a low-rank adapter, likewise. */
    Parameter factor(String name, Kind kind, int rows, int columns) {
        shared.remove(name);
        Tensor value = arena.allocateWeight(name, rows, columns, WeightFormat.FLOAT);
        Parameter made = new Parameter(name, value, kind, List.of(new Part(name, 0, rows, Form.MATRIX)));
        used.add(made);
        return made;
    }

    /** What a norm over {@code columns} numbers multiplies by. */
    Parameter scale(String module, int columns) {
        String name = module + ".weight";
        return vector(name, 1, columns, Kind.NORM, List.of(new Part(name, 0, 1, Form.VECTOR)));
    }

    /** What a norm adds. */
    Parameter shift(String module) {
        String name = module + ".bias";
        return vector(name, 1, config.hidden(), Kind.BIAS, List.of(new Part(name, 0, 1, Form.VECTOR)));
    }

    /** The weight of modules that read the same input. */
    Parameter projection(List<String> modules, int[] rows, int columns) {
        Form form = names.projectionsTransposed() ? Form.TRANSPOSED : Form.MATRIX;
        List<Part> parts = parts(modules, rows, ".weight", form);
        return matrix(joined(modules) + ".weight", rowsOf(parts), columns, format, parts);
    }

    /** Their bias, [rows, 1]. */
    Parameter bias(List<String> modules, int[] rows) {
        List<Part> parts = parts(modules, rows, ".bias", Form.VECTOR);
        return vector(joined(modules) + ".bias", rowsOf(parts), 1, Kind.BIAS, parts);
    }

    private static List<Part> parts(List<String> modules, int[] rows, String suffix, Form form) {
        List<Part> parts = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < modules.size(); i++) {
            parts.add(new Part(modules.get(i) + suffix, first, rows[i], form));
            first += rows[i];
        }
        return parts;
    }

    private static int rowsOf(List<Part> parts) {
        return parts.getLast().firstRow() + parts.getLast().rows();
    }

    /** {@code model.layers.0.self_attn.q_proj|k_proj|v_proj}: modules of one parent. */
    private static String joined(List<String> modules) {
        int parent = modules.getFirst().lastIndexOf('.') + 1;
        return modules.getFirst().substring(0, parent)
                + modules.stream().map(m -> m.substring(parent)).collect(Collectors.joining("|"));
    }

    private Parameter matrix(String name, int rows, int columns, WeightFormat format, List<Part> parts) {
        return use(
                name, () -> new Parameter(name, arena.allocateWeight(name, rows, columns, format), Kind.MATRIX, parts));
    }

    private Parameter vector(String name, int rows, int columns, Kind kind, List<Part> parts) {
        return use(name, () -> {
            Tensor value = arena.allocate(name, rows, columns);
            return new Parameter(name, value, kind, parts);
        });
    }

    private Parameter use(String name, Supplier<Parameter> maker) {
        Parameter found = shared.containsKey(name) ? shared.get(name) : maker.get();
        used.add(found);
        return found;
    }
}
