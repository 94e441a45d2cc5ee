// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SavedTensors;
import org.sextant.models.files.TensorEntry;
import org.sextant.models.files.TensorReader;
import org.sextant.models.files.TensorRows;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;
import org.sextant.models.transformer.TransformerConfig;

/** Weights under the names that files know them by. */
final class SavedWeights {
    private static final String VOCABULARY_HEAD = "lm_head.weight";

    /** What {@code transformers} puts before GPT-2's names; the files of the hub leave it out. */
    private static final String PREFIX = "transformer.";

    private SavedWeights() {}

    static List<TensorRows> of(List<Parameter> parameters) {
        return parameters.stream()
                .flatMap(p -> TensorRows.of("", p, p.value()).stream())
                .toList();
    }

    /** Copies the weights that two models both have, under one name, and do not share. */
    static void copy(List<Parameter> from, List<Parameter> to, Kernels kernels) {
        Map<String, Parameter> byName = new HashMap<>();
        from.forEach(p -> byName.put(p.name(), p));
        for (Parameter p : to) {
            Parameter own = byName.get(p.name());
            if (own != null && own != p) {
                kernels.copy(own.value(), p.value(), p.value().rows());
            }
        }
    }

    /**
     * The head that another begins with where there are only these: its own, but for a critic that has a reward model's alone (Ouyang et al. 2022, arXiv
     * 2203.02155).
     */
    static Head begins(Head head, Role role, Set<Head> saved) {
        return role == Role.CRITIC && head == Head.VALUE && saved.equals(Set.of(Head.SCORE)) ? Head.SCORE : head;
    }

    /** Fills the heads of a model on weights that it shares with those that the other has. */
    static void copyHeads(Transformer from, Transformer to, Role role, Kernels kernels) {
        for (Head head : to.heads()) {
            Head like = begins(head, role, from.heads());
            if (from.heads().contains(like)) {
                kernels.copy(from.weight(like), to.weight(head), 1);
            }
        }
    }

    /** Scalar heads that a file has, their names after a prefix. */
    static Set<Head> heads(SavedTensors file, String prefix) {
        Set<Head> heads = EnumSet.noneOf(Head.class);
        for (Head head : Head.values()) {
            if (file.tensors().containsKey(prefix + Parameter.nameOf(head))) {
                heads.add(head);
            }
        }
        return heads;
    }

    /** Parameters but for heads that are wanted and not saved. */
    static List<Parameter> without(Set<Head> saved, Set<Head> wanted, List<Parameter> parameters) {
        Set<String> lacking = new TreeSet<>();
        wanted.stream()
                .filter(head -> !saved.contains(head))
                .map(Parameter::nameOf)
                .forEach(lacking::add);
        return parameters.stream().filter(p -> !lacking.contains(p.name())).toList();
    }

    /**
     * Checks that a file has what a model needs, and nothing else.
     *
     * @param planned parameters, which need not have any memory yet
     * @throws ModelFileException if the file does not fit them
     */
    static void check(SavedTensors file, TransformerConfig config, List<Parameter> planned) {
        TensorReader.check(file, expected(file, config, planned), redundant(file, config, planned));
    }

    /**
     * Fills all parameters.
     *
     * @throws ModelFileException if the file does not fit them
     */
    static void read(SavedTensors file, TransformerConfig config, List<Parameter> parameters, Kernels kernels) {
        TensorReader.read(file, expected(file, config, parameters), redundant(file, config, parameters), kernels);
    }

    private static List<TensorRows> expected(SavedTensors file, TransformerConfig config, List<Parameter> parameters) {
        List<TensorRows> expected = of(parameters);
        boolean bare = expected.stream()
                .noneMatch(
                        rows -> rows.name().startsWith(PREFIX) && file.tensors().containsKey(rows.name()));
        return config.family() == Family.GPT2 && bare
                ? expected.stream().map(SavedWeights::bare).toList()
                : expected;
    }

    private static TensorRows bare(TensorRows rows) {
        return rows.name().startsWith(PREFIX) ? rows.named(rows.name().substring(PREFIX.length())) : rows;
    }

    /** Tensors that some files have and that say nothing new: rotary angles, causal masks, and a second copy of a tied head. */
    private static Set<String> redundant(SavedTensors file, TransformerConfig config, List<Parameter> parameters) {
        Set<String> names = new TreeSet<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            names.add("model.layers." + layer + ".self_attn.rotary_emb.inv_freq");
            for (String prefix : List.of("", PREFIX)) {
                names.add(prefix + "h." + layer + ".attn.bias");
                names.add(prefix + "h." + layer + ".attn.masked_bias");
            }
        }
        if (config.tied() && file.tensors().containsKey(VOCABULARY_HEAD)) {
            String embedding = parameters.getFirst().name();
            TensorEntry own = file.tensors().get(embedding);
            requireSame(file, own == null ? file.tensors().get(embedding.substring(embedding.indexOf('.') + 1)) : own);
            names.add(VOCABULARY_HEAD);
        }
        return names;
    }

    private static void requireSame(SavedTensors file, TensorEntry embedding) {
        TensorEntry head = file.tensors().get(VOCABULARY_HEAD);
        if (embedding != null && file.bytes(embedding).mismatch(file.bytes(head)) >= 0) {
            throw new ModelFileException(file.path() + ": the config says that " + VOCABULARY_HEAD + " is tied to "
                    + embedding.name() + ", but they differ; set tie_word_embeddings to false");
        }
    }
}
