// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import org.sextant.api.metrics.Ledger;

/** Adds the seconds that a run has really taken to its ledger, over all resumes. */
final class WallClock {
    static final String KEY = "seconds/wall";

    private final Ledger ledger;
    private long since = System.nanoTime();

    WallClock(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Enters the time since the last call. */
    void mark() {
        long now = System.nanoTime();
        ledger.add(KEY, (now - since) * 1e-9);
        since = now;
    }
}
