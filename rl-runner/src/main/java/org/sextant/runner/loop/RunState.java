// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sextant.api.phase.Phase;
import org.sextant.api.state.StateMap;
import org.sextant.api.state.Stateful;
import org.sextant.runner.checkpoint.Checkpoints;
import org.sextant.runner.checkpoint.StateJson;

/** Saves and restores all of a run: where it stands, models, optimiser, phase, algorithm, task, ledger, evaluations, lengths of files. */
final class RunState {
    private final Checkpoints checkpoints;
    private final RunFiles files;
    private final WallClock clock;
    private final Map<String, Stateful> parts;
    private StateMap pendingPhase;
    private Path pendingFolder;

    /** @param parts what else has state, by the name under which it is saved */
    RunState(Checkpoints checkpoints, RunFiles files, WallClock clock, Map<String, Stateful> parts) {
        this.checkpoints = checkpoints;
        this.files = files;
        this.clock = clock;
        this.parts = new LinkedHashMap<>(parts);
    }

    /** Restores the newest checkpoint into models and parts; without one the run begins with its start. */
    Position restore(RunModels models) throws IOException {
        Optional<Path> latest = checkpoints.latest();
        if (latest.isEmpty()) {
            files.cutBack(Map.of());
            models.saveStartOf(0);
            return Position.start();
        }
        StateMap saved = StateJson.read(latest.get().resolve(Standing.STATE_FILE));
        models.loadFrom(latest.get().resolve(Standing.MODEL_FOLDER));
        parts.forEach((name, part) -> loadPart(saved, name, part));
        files.cutBack(lengths(saved.getNested("files")));
        Position position = Standing.position(saved);
        if (saved.has("phase-state")) {
            pendingPhase = saved.getNested("phase-state");
            pendingFolder = latest.get();
            models.goOnFrom(latest.get());
        }
        saved.assertAllRead("phase-state");
        return position;
    }

    /** Gives a phase that was interrupted its state back; called after its {@code begin}. */
    void restorePhase(Position position, Phase phase, RunContext context) {
        if (pendingPhase == null) {
            return;
        }
        loadPart(pendingPhase, "own", phase);
        if (context.learner() != null) {
            context.learner().load(pendingFolder);
        }
        pendingPhase.assertAllRead();
        pendingPhase = null;
    }

    /**
     * Saves a checkpoint. Where the policy does not change there is none, and a run that was stopped measures it again.
     *
     * @param phase the phase that goes on, or null between phases
     */
    void save(Position position, Phase phase, RunContext context, RunModels models) throws IOException {
        clock.mark();
        if (!models.changing()) {
            return;
        }
        StateMap state = new StateMap();
        state.put("phase", position.phase());
        state.put("step", position.step());
        state.put("total", position.total());
        StateMap lengths = state.nested("files");
        files.positions().forEach(lengths::put);
        parts.forEach((name, part) -> savePart(state, name, part));
        if (phase != null) {
            savePart(state.nested("phase-state"), "own", phase);
        }
        checkpoints.save(position.total(), folder -> {
            models.saveTo(folder.resolve(Standing.MODEL_FOLDER));
            if (phase != null) {
                models.saveChanging(folder);
            }
            if (phase != null && context.learner() != null) {
                context.learner().save(folder);
            }
            StateJson.write(state, folder.resolve(Standing.STATE_FILE));
        });
    }

    private static void savePart(StateMap state, String name, Stateful part) {
        StateMap nested = state.nested(name);
        nested.put("version", part.version());
        part.save(nested.nested("state"));
    }

    private static void loadPart(StateMap saved, String name, Stateful part) {
        StateMap nested = saved.getNested(name);
        long version = nested.getLong("version");
        if (version != part.version()) {
            throw new IllegalStateException(
                    "the saved state of '" + name + "' has version " + version + ", this build reads " + part.version()
                            + "; resume with the build that saved it, or start afresh");
        }
        part.load(nested.getNested("state"));
    }

    private static Map<String, Long> lengths(StateMap saved) {
        Map<String, Long> lengths = new LinkedHashMap<>();
        saved.entries().keySet().forEach(name -> lengths.put(name, saved.getLong(name)));
        return lengths;
    }
}
