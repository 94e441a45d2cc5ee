// SPDX-License-Identifier: Apache-2.0
/**
 * Sampling answers from a language model.
 *
 * <p>{@link org.sextant.models.decoding.CachedDecoder} runs many rows over one paged key/value cache. What turns logits into a token is plain
 * arithmetic on arrays: {@link org.sextant.models.decoding.Processors} and {@link org.sextant.models.decoding.Warpers} change scores (−∞ means
 * never), {@link org.sextant.models.decoding.Sampler} puts them in order and draws.
 */
package org.sextant.models.decoding;
