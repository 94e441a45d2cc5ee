// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sextant.runner.config.ModelDirectory;
import org.sextant.runner.loop.AdapterBases;

/** Finds the model that a directory means. */
final class SavedRun {
    private SavedRun() {}

    /** The directory itself if it is a model's; else the final model of the run in it. */
    static Path model(Path directory) {
        Path model = ModelDirectory.of(directory);
        if (ModelDirectory.isModel(model)) {
            return model;
        }
        if (Files.exists(directory.resolve("summary.json"))) {
            throw new IllegalArgumentException("the run in " + directory
                    + " left no model: it only measured one, which provenance.json names under \"model\"");
        }
        if (Files.exists(directory.resolve("config.conf"))) {
            throw new IllegalArgumentException("the run in " + directory
                    + " has not come to its end, so it has no final model; finish it with ./rl train --resume, or name"
                    + " one of its "
                    + directory.resolve("models"));
        }
        throw new IllegalArgumentException("no model in " + directory
                + ": there is no config.json, adapter_config.json or network.json, nor in its model/");
    }

    /** @param base where the model of an adapter is said to be, or null */
    static AdapterBases bases(Path base) {
        return new AdapterBases(base == null ? List.of() : List.of(base));
    }
}
