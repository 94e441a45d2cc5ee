// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.io.IOException;
import java.util.Map;

/** The growing files of a run. A checkpoint remembers how long they were, so that a resumed run continues them as if nothing had happened. */
public interface RunFiles {
    /** Flushes all files and says how long each is, by name. */
    Map<String, Long> positions() throws IOException;

    /** Cuts the files back to these lengths; a file that is not named is emptied. */
    void cutBack(Map<String, Long> positions) throws IOException;
}
