// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.events;

/**
 * Watches a run: progress line, files, detectors. Called on the thread of the loop, in order, so it must not take long; what it
 * throws stops the run.
 */
@FunctionalInterface
public interface LoopListener {
    /** Something happened. */
    void on(LoopEvent event);
}
