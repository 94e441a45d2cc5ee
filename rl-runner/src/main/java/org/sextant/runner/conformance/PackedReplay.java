// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.models.LanguageModel;

/** Sequences in one row that do not see each other. */
final class PackedReplay implements Replay {
    private static final Tolerance LOGITS = new Tolerance(0, 5e-5);

    @Override
    public void replay(Case given, Check check, Engine engine) {
        ModelRows rows = ModelRows.packed(given);
        given.without("segment_ids");
        try (LanguageModel model = ModelFolder.open(given, engine)) {
            double[][] found = rows.logits(model);
            double[][] expected = LogProbEntropyReplay.byToken(given.values("logits", 3));
            for (int t = 0; t < found.length; t++) {
                check.near("logits of token " + t, expected[t], found[t], null, LOGITS);
            }
        }
    }
}
