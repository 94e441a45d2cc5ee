// SPDX-License-Identifier: Apache-2.0
/**
 * Model files as {@code transformers} writes them: weights in {@link org.sextant.models.files.SafetensorsFile safetensors}, the shape in
 * {@link org.sextant.models.files.LlamaConfigFile config.json}. What is read is checked whole before it is used; what is written appears
 * whole or not at all.
 */
package org.sextant.models.files;
