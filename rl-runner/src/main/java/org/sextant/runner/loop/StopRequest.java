// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

/** Whether somebody asked the run to stop; the loop looks between two steps, saves a checkpoint and ends. */
@FunctionalInterface
public interface StopRequest {
    boolean requested();

    /** Nobody asks. */
    static StopRequest never() {
        return () -> false;
    }
}
