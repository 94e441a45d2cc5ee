// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.api.output.Head;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.TensorEntry;
import org.sextant.models.files.TensorRows;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.TransformerConfig;

/** Weights under the names that files know them by. */
final class SavedWeights {
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String VOCABULARY_HEAD = "lm_head.weight";

    private SavedWeights() {}

    static List<TensorRows> of(List<Parameter> parameters) {
        return parameters.stream()
                .flatMap(p -> TensorRows.of("", p, p.value()).stream())
                .toList();
    }

    /** Scalar heads that a file has. */
    static Set<Head> heads(SafetensorsFile file) {
        Set<Head> heads = EnumSet.noneOf(Head.class);
        for (Head head : Head.values()) {
            if (file.tensors().containsKey(Parameter.nameOf(head))) {
                heads.add(head);
            }
        }
        return heads;
    }

    /** Tensors that some files have and that say nothing new: tables of rotary angles, and a second copy of a tied head. */
    static Set<String> redundant(SafetensorsFile file, TransformerConfig config) {
        Set<String> names = new TreeSet<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            names.add("model.layers." + layer + ".self_attn.rotary_emb.inv_freq");
        }
        if (config.tied() && file.tensors().containsKey(VOCABULARY_HEAD)) {
            requireSame(file, file.tensors().get(EMBEDDING), file.tensors().get(VOCABULARY_HEAD));
            names.add(VOCABULARY_HEAD);
        }
        return names;
    }

    private static void requireSame(SafetensorsFile file, TensorEntry embedding, TensorEntry head) {
        if (embedding != null && file.bytes(embedding).mismatch(file.bytes(head)) >= 0) {
            throw new ModelFileException(file.path() + ": the config says that " + VOCABULARY_HEAD + " is tied to "
                    + EMBEDDING + ", but they differ; set tie_word_embeddings to false");
        }
    }

    /** SHA-256 over names, shapes and values, in the order of names; the same for every kind of kernels that holds the same numbers. */
    static String hash(List<Parameter> parameters, Kernels kernels) {
        MessageDigest digest = sha256();
        List<TensorRows> byName = of(parameters).stream()
                .sorted(Comparator.comparing(TensorRows::name))
                .toList();
        for (TensorRows rows : byName) {
            digest.update((rows.name() + " " + rows.rows() + " " + rows.tensor().columns() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            double[] row = new double[rows.tensor().columns()];
            ByteBuffer bytes = ByteBuffer.allocate(row.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int r = 0; r < rows.rows(); r++) {
                kernels.readRow(rows.tensor(), rows.firstRow() + r, row);
                bytes.asDoubleBuffer().put(row);
                digest.update(bytes.rewind());
                bytes.clear();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
