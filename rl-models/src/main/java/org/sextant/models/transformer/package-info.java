// SPDX-License-Identifier: Apache-2.0
/**
 * A decoder-only transformer of the Llama family (Touvron et al. 2023, arXiv 2302.13971) as explicit code: one class per block, each with its
 * {@code forward} and {@code backward} equations over opaque tensors. Training, scoring and decoding run the same {@code forward}, so a
 * token's log-probability has the same bits in all three. Start at {@link org.sextant.models.transformer.Transformer}.
 */
package org.sextant.models.transformer;
