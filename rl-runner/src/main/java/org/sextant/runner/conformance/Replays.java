// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Map;

/** Which methods of case files can be replayed. A method that is not here is skipped and named. */
final class Replays {
    private Replays() {}

    static Map<String, Replay> all() {
        return Map.ofEntries(
                Map.entry("verl_masked_stats", new MaskedStatsReplay(1e-8)),
                Map.entry("trl_masked_stats", new MaskedStatsReplay(0)),
                Map.entry("logprob_entropy", new LogProbEntropyReplay()),
                Map.entry("causal_lm_loss", new CausalLmLossReplay()));
    }
}
