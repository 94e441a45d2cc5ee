// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.ArrayList;
import java.util.List;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.Parameter.Part;

/** Makes the parameters of a model in one arena, under the names that {@code transformers} gives to Llama's. */
final class Weights {
    private final TransformerConfig config;
    private final MemoryArena arena;
    private final List<Parameter> made = new ArrayList<>();

    Weights(TransformerConfig config, MemoryArena arena) {
        this.config = config;
        this.arena = arena;
    }

    /** All parameters made so far, in the order of the forward pass. */
    List<Parameter> made() {
        return List.copyOf(made);
    }

    Parameter embedding() {
        return matrix("model.embed_tokens.weight", config.vocabulary(), config.hidden());
    }

    Parameter vocabularyHead() {
        return matrix("lm_head.weight", config.vocabulary(), config.hidden());
    }

    Parameter scalarHead(Head head) {
        return matrix(Parameter.nameOf(head), 1, config.hidden());
    }

    Parameter norm(String name) {
        Tensor value = arena.allocate(name, 1, config.hidden());
        return add(new Parameter(name, value, false, List.of(new Part(name, 0, 1, true))));
    }

    Parameter qkv(String layer) {
        int queries = config.attendedWidth();
        int keys = config.keyValueHeads() * config.headSize();
        String prefix = layer + ".self_attn.";
        Tensor value = arena.allocateWeight(
                prefix + "qkv_proj.weight", config.qkvWidth(), config.hidden(), WeightFormat.FLOAT);
        return add(new Parameter(
                value.name(),
                value,
                true,
                List.of(
                        new Part(prefix + "q_proj.weight", 0, queries, false),
                        new Part(prefix + "k_proj.weight", queries, keys, false),
                        new Part(prefix + "v_proj.weight", queries + keys, keys, false))));
    }

    Parameter gateUp(String layer) {
        int rows = config.intermediate();
        Tensor value =
                arena.allocateWeight(layer + ".mlp.gate_up_proj.weight", 2 * rows, config.hidden(), WeightFormat.FLOAT);
        return add(new Parameter(
                value.name(),
                value,
                true,
                List.of(
                        new Part(layer + ".mlp.gate_proj.weight", 0, rows, false),
                        new Part(layer + ".mlp.up_proj.weight", rows, rows, false))));
    }

    Parameter attentionOutput(String layer) {
        return matrix(layer + ".self_attn.o_proj.weight", config.hidden(), config.attendedWidth());
    }

    Parameter down(String layer) {
        return matrix(layer + ".mlp.down_proj.weight", config.hidden(), config.intermediate());
    }

    private Parameter matrix(String name, int rows, int columns) {
        Tensor value = arena.allocateWeight(name, rows, columns, WeightFormat.FLOAT);
        return add(new Parameter(name, value, true, List.of(new Part(name, 0, rows, false))));
    }

    private Parameter add(Parameter parameter) {
        made.add(parameter);
        return parameter;
    }
}
