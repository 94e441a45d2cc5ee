// SPDX-License-Identifier: Apache-2.0

/**
 * Language models on the CPU: kernels, transformer, tokenizers, decoder, optimisers and checkpoints.
 */
package org.sextant.models;
