// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.Map;

/** How a run ended. */
public sealed interface Ending {
    /** All phases are done, in so many steps; the summary has the flat keys of {@code summary.json}. */
    record Finished(long totalSteps, Map<String, Object> summary) implements Ending {}

    /** Stopped on request after so many steps of the whole run; {@code --resume} goes on from there. */
    record Stopped(long totalSteps) implements Ending {}
}
