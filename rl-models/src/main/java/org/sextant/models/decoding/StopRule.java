// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.Set;
import org.sextant.api.experience.Finish;
import org.sextant.api.rollout.Stop;

/**
 * When an answer ends and why. Several reasons may meet in one token; a token or text that ends the answer counts before a limit, and the
 * limit that the caller set before the context.
 */
record StopRule(Stop stop, Set<Integer> eosIds, int context) {
    /** Why a row ends with the token that it chose last; null if it goes on. */
    Finish check(AnswerRow row) {
        int token = row.ids()[row.length() - 1];
        // Asked first: it reads the text of every token.
        boolean text = row.stopStringFound();
        if (stop.tokens().contains(token)) {
            return eosIds.contains(token) ? Finish.EOS : Finish.STOP;
        }
        if (text) {
            return Finish.STOP;
        }
        if (row.answerLength() >= stop.maxNewTokens()) {
            return Finish.LENGTH;
        }
        return row.length() >= context ? Finish.CONTEXT : null;
    }
}
