// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

/**
 * How much a decoder does at once. None of it changes what a row generates.
 *
 * @param rows most rows that generate together; others wait
 * @param cacheTokens most positions that the key/value cache grows to, at least the model's context; under pressure, rows that do not
 *     generate lose their cache and compute it again when they go on
 * @param chunkTokens most tokens in one forward pass, at least {@code rows}: each generating row's, the rest from prompts
 */
public record DecodingSettings(int rows, int cacheTokens, int chunkTokens) {
    public DecodingSettings {
        if (rows < 1 || cacheTokens < 1 || chunkTokens < rows) {
            throw new IllegalArgumentException(
                    "decoding with rows " + rows + ", cacheTokens " + cacheTokens + ", chunkTokens " + chunkTokens
                            + ": rows and cacheTokens must be at least 1, chunkTokens at least as many as rows");
        }
    }

    /** Rows of one chunk. */
    public static final int MOST_ROWS = 512;

    /** Chunks of 512 tokens; a cache of so many tokens, or one context if that is more. */
    public static DecodingSettings of(int rows, int cacheTokens, int context) {
        return new DecodingSettings(rows, Math.max(context, cacheTokens), MOST_ROWS);
    }

    /** 128 rows, chunks of 512 tokens, and a cache of 65,536 tokens or one context. */
    public static DecodingSettings forContext(int context) {
        return of(128, 65_536, context);
    }
}
