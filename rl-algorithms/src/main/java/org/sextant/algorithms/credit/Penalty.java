// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import org.sextant.api.experience.Layout;

/** Which penalties a token bears where they come off advantages. */
public enum Penalty {
    /** That of its own step alone (the authors' ReMax). */
    OWN,
    /** Those of its own and all later steps, as any other reward (OpenRLHF). */
    TO_GO;

    /** Takes penalties off the advantages of rows that count. */
    void takeOff(double[] advantages, RewardSignal signal, Layout layout, boolean[] mask) {
        for (int row = 0; row < layout.rows(); row++) {
            double borne = 0;
            for (int t = layout.end(row) - 1; signal.scored()[row] && t >= layout.start(row); t--) {
                if (mask[t]) {
                    borne = signal.penalty()[t] + (this == TO_GO ? borne : 0);
                    advantages[t] -= borne;
                }
            }
        }
    }
}
