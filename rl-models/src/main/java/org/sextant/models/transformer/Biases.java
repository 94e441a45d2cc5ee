// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

/**
 * Which projections have a bias.
 *
 * @param qkv queries, keys and values
 * @param output attention's output projection
 * @param feedForward both projections of the feed-forward layer
 */
public record Biases(boolean qkv, boolean output, boolean feedForward) {
    /** Llama's default. */
    public static final Biases NONE = new Biases(false, false, false);

    /** Qwen2's. */
    public static final Biases QKV = new Biases(true, false, false);

    /** GPT-2's. */
    public static final Biases ALL = new Biases(true, true, true);
}
