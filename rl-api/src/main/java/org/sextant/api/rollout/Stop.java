// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.rollout;

import java.util.List;
import java.util.Set;

/**
 * When an answer ends.
 *
 * @param maxNewTokens longest answer of one turn, in tokens
 * @param tokens ids that end it; the id belongs to the answer. Those of the tokenizer's
 *     {@code eosIds} are reported as {@code EOS}, any other as {@code STOP}
 * @param strings texts that end it as soon as the decoded answer contains one
 */
public record Stop(int maxNewTokens, Set<Integer> tokens, List<String> strings) {
    public Stop {
        tokens = Set.copyOf(tokens);
        strings = List.copyOf(strings);
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("maxNewTokens is " + maxNewTokens + "; at least 1");
        }
    }
}
