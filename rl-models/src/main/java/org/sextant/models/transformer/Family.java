// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.Arrays;
import java.util.Optional;

/** The families of models that are built here: which blocks they are made of, and what their files call them. */
public enum Family {
    /** Touvron et al. 2023, arXiv 2302.13971, and its successors up to Llama 3.2. */
    LLAMA("llama", "LlamaForCausalLM", NormKind.RMS, Activation.GATED_SILU, false, new LlamaNames()),

    /** Qwen2 and Qwen2.5 (arXiv 2407.10671, 2412.15115): Llama with a bias on queries, keys and values. */
    QWEN2("qwen2", "Qwen2ForCausalLM", NormKind.RMS, Activation.GATED_SILU, false, new LlamaNames()),

    /** Qwen3 (arXiv 2505.09388): Llama with a norm on every query and key. */
    QWEN3("qwen3", "Qwen3ForCausalLM", NormKind.RMS, Activation.GATED_SILU, true, new LlamaNames()),

    /** Radford et al. 2019, "Language Models are Unsupervised Multitask Learners". */
    GPT2("gpt2", "GPT2LMHeadModel", NormKind.LAYER, Activation.GELU, false, new Gpt2Names());

    private final String modelType;
    private final String architecture;
    private final NormKind norm;
    private final Activation activation;
    private final boolean headNorm;
    private final WeightNames names;

    /** What goes before each half of a block. */
    enum NormKind {
        RMS,
        LAYER
    }

    /** What the feed-forward layer does between its projections. */
    enum Activation {
        GATED_SILU,
        GELU
    }

    Family(
            String modelType,
            String architecture,
            NormKind norm,
            Activation activation,
            boolean headNorm,
            WeightNames names) {
        this.modelType = modelType;
        this.architecture = architecture;
        this.norm = norm;
        this.activation = activation;
        this.headNorm = headNorm;
        this.names = names;
    }

    /** The family of a {@code model_type}, if it is built here. */
    public static Optional<Family> ofModelType(String modelType) {
        return Arrays.stream(values())
                .filter(f -> f.modelType.equals(modelType))
                .findFirst();
    }

    /** {@code model_type} of {@code config.json}. */
    public String modelType() {
        return modelType;
    }

    /** What {@code architectures} of {@code config.json} says. */
    public String architecture() {
        return architecture;
    }

    NormKind norm() {
        return norm;
    }

    Activation activation() {
        return activation;
    }

    /** Whether queries and keys are normed, head by head. */
    boolean headNorm() {
        return headNorm;
    }

    WeightNames names() {
        return names;
    }
}
