// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import java.nio.file.Files;
import java.nio.file.Path;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.NetworkFile;

/** Which model a directory means that somebody names. */
public final class ModelDirectory {
    private static final String LEFT_BY_A_RUN = "model";

    private ModelDirectory() {}

    /** The directory itself; if a run is there instead of a model, what that run left in the end. */
    public static Path of(Path named) {
        Path left = named.resolve(LEFT_BY_A_RUN);
        return !isModel(named) && isModel(left) ? left : named;
    }

    /** Whether a saved transformer, adapter or network is there. */
    public static boolean isModel(Path directory) {
        return Files.exists(directory.resolve(ModelConfigFile.NAME))
                || AdapterConfigFile.isIn(directory)
                || NetworkFile.isIn(directory);
    }
}
