// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

/**
 * Where a run stands.
 *
 * @param phase position of the phase that goes on, or the number of phases when all are done
 * @param step steps of that phase that are done
 * @param total steps of the whole run that are done
 */
record Position(int phase, int step, long total) {
    static Position start() {
        return new Position(0, 0, 0);
    }

    Position afterStep() {
        return new Position(phase, step + 1, total + 1);
    }

    Position nextPhase() {
        return new Position(phase + 1, 0, total);
    }
}
