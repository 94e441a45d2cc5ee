// SPDX-License-Identifier: Apache-2.0
/** Tokenizers that are saved with a model; start at {@link org.sextant.models.text.Tokenizers}. */
package org.sextant.models.text;
