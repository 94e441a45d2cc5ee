// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.events;

/** Watches a run. */
@FunctionalInterface
public interface LoopListener {
    void on(LoopEvent event);
}
