// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

/**
 * What a decoder has done, for the ledger.
 *
 * @param generated tokens chosen
 * @param promptComputed positions of prompts and observations whose keys and values were computed; a prompt that a group shares counts once,
 *     one whose cache had to give way counts again, and a row that enters after its group computed the prompt computes the last token again
 * @param forwarded positions that went through the model in all
 */
public record DecodingCounts(long generated, long promptComputed, long forwarded) {}
