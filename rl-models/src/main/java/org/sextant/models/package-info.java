// SPDX-License-Identifier: Apache-2.0
/**
 * Language models on the CPU: kernels, transformer, tokenizers, decoder, optimisers and files. Start at {@link
 * org.sextant.models.LanguageModel}.
 */
package org.sextant.models;
