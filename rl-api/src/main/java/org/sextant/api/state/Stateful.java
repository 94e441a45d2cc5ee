// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.state;

/**
 * Something whose state must survive a kill: algorithm, controller, optimiser, schedule, task cursor, plugin. A run of
 * N steps and a run of k steps, a kill, a resume and N − k steps are the same bit for bit, so {@link #save} must write
 * all that later steps depend on. Random streams need no state: they are derived from the step (see {@code Streams}).
 */
public interface Stateful {
    /** Version of the saved form; {@link #load} is only called with state of the same version. */
    default int version() {
        return 1;
    }

    /** Writes the state. */
    default void save(StateMap out) {}

    /** Reads back what {@link #save} wrote; keys that are left unread are an error of the caller's. */
    default void load(StateMap in) {}
}
