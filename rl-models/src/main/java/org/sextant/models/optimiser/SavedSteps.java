// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.optimiser;

import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SafetensorsFile;

/** The number of steps that an optimiser had taken when it was saved, in the metadata of its file. */
public final class SavedSteps {
    /** Its key. */
    public static final String KEY = "steps";

    private SavedSteps() {}

    /** @throws ModelFileException if it is not there, or no number */
    public static long of(SafetensorsFile saved) {
        String text = saved.metadata().getOrDefault(KEY, "");
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new ModelFileException(saved.path() + " is damaged: its number of steps is '" + text + "'", e);
        }
    }
}
