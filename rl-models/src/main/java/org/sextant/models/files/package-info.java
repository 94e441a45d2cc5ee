// SPDX-License-Identifier: Apache-2.0
/**
 * Model files as {@code transformers} and PEFT write them: weights in {@link org.sextant.models.files.WeightFiles safetensors}, one file or
 * several, the shape in {@link org.sextant.models.files.ModelConfigFile config.json}, an adapter's settings in {@link
 * org.sextant.models.files.AdapterConfigFile adapter_config.json}. What is read is checked whole before it is used; what is written appears
 * whole or not at all.
 */
package org.sextant.models.files;
