// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import org.sextant.api.events.LoopEvent;
import org.sextant.api.events.LoopListener;

/**
 * Lets samples through now and then, and everything else always: a phase may show a sample of every step.
 *
 * @param every steps between samples; 0 for none
 * @param listener told what comes through
 */
record SampleCadence(int every, LoopListener listener) implements LoopListener {
    @Override
    public void on(LoopEvent event) {
        if (!(event instanceof LoopEvent.SampleShown sample) || every > 0 && sample.step() % every == 0) {
            listener.on(event);
        }
    }
}
