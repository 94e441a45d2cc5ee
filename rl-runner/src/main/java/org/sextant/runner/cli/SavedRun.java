// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.sextant.models.files.AdapterConfigFile;

/** Finds the model that a directory means. */
final class SavedRun {
    private SavedRun() {}

    /** The directory itself if it is a model's; else the final model of the run in it. */
    static Path model(Path directory) {
        if (isModel(directory)) {
            return directory;
        }
        Path ended = directory.resolve("model");
        if (isModel(ended)) {
            return ended;
        }
        if (Files.exists(directory.resolve("config.conf"))) {
            throw new IllegalArgumentException("the run in " + directory
                    + " has not come to its end, so it has no final model; finish it with ./rl train --resume, or name"
                    + " one of its "
                    + directory.resolve("models"));
        }
        throw new IllegalArgumentException(
                "no model in " + directory + ": neither config.json nor model/config.json is there");
    }

    private static boolean isModel(Path directory) {
        return Files.exists(directory.resolve("config.json")) || AdapterConfigFile.isIn(directory);
    }
}
