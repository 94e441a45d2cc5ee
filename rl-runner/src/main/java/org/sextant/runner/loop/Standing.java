// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.sextant.api.state.StateMap;
import org.sextant.runner.checkpoint.Checkpoints;
import org.sextant.runner.checkpoint.StateJson;
import org.sextant.runner.directory.StorageException;

/**
 * Where a run stands, known before anything of it is loaded.
 *
 * @param checkpoint newest one; empty at the beginning
 * @param position what is done
 */
record Standing(Optional<Path> checkpoint, Position position) {
    static final String STATE_FILE = "state.json";
    static final String MODEL_FOLDER = "model";

    static final Standing BEGINNING = new Standing(Optional.empty(), Position.start());

    /** @throws StorageException if the newest checkpoint cannot be read */
    static Standing of(Path run) {
        Path folder = run.resolve("checkpoints");
        try {
            Optional<Path> latest = Checkpoints.latest(folder);
            return latest.isEmpty()
                    ? BEGINNING
                    : new Standing(latest, position(StateJson.read(latest.get().resolve(STATE_FILE))));
        } catch (IOException e) {
            throw StorageException.reading(folder, e);
        }
    }

    static Position position(StateMap saved) {
        return new Position((int) saved.getLong("phase"), (int) saved.getLong("step"), saved.getLong("total"));
    }

    /** The policy as it was saved last. */
    Optional<Path> model() {
        return checkpoint.map(folder -> folder.resolve(MODEL_FOLDER));
    }
}
