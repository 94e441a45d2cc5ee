// SPDX-License-Identifier: Apache-2.0
/**
 * A small reverse-mode tape in double precision over ragged columns: losses are written once, as expressions, and their gradient with
 * respect to the model's outputs follows. Start at {@link org.sextant.api.tape.Tape}.
 */
package org.sextant.api.tape;
