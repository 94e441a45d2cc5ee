// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.tensorboard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.events.LoopListener;
import org.sextant.runner.directory.StorageException;

/**
 * Writes a run to TensorBoard. Steps count through all phases, so that curves of a warm start and of what follows stand side by side; tags are {@code
 * <kind of phase>/<metric>}, and metrics of evaluations keep their names.
 */
public final class TensorBoard implements LoopListener, AutoCloseable {
    private final List<Integer> phaseSteps;
    private final Clock clock;
    private final Path file;
    private final OutputStream out;
    private String kind = "";

    private TensorBoard(List<Integer> phaseSteps, Clock clock, Path file, OutputStream out) {
        this.phaseSteps = List.copyOf(phaseSteps);
        this.clock = clock;
        this.file = file;
        this.out = out;
    }

    /**
     * Starts a file of events.
     *
     * @param folder made if it is not there
     * @param phaseSteps steps of each phase
     */
    public static TensorBoard open(Path folder, List<Integer> phaseSteps, Clock clock) {
        try {
            Files.createDirectories(folder);
            // TensorBoard reads the files of a folder in the order of their names.
            long number = clock.millis();
            Path file = folder.resolve("events.out.tfevents." + number + ".sextant");
            while (Files.exists(file)) {
                file = folder.resolve("events.out.tfevents." + ++number + ".sextant");
            }
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
            TensorBoard board = new TensorBoard(phaseSteps, clock, file, out);
            board.write(Events.version(board.seconds()));
            return board;
        } catch (IOException e) {
            throw StorageException.writing(folder, e);
        }
    }

    @Override
    public void on(LoopEvent event) {
        switch (event) {
            case LoopEvent.PhaseStarted e -> {
                boolean resumed = kind.isEmpty() && (e.phase() > 0 || e.fromStep() > 0);
                kind = e.kind();
                if (resumed) {
                    // One later: what stands at this very step may belong to the phase before, which is not written
                    // again.
                    write(Events.restart(seconds(), total(e.phase(), e.fromStep()) + 1));
                }
            }
            case LoopEvent.StepFinished e -> {
                Map<String, Double> tagged = new TreeMap<>();
                e.metrics().forEach((name, value) -> tagged.put(e.kind() + "/" + name, value));
                write(Events.scalars(seconds(), total(e.phase(), e.step()), tagged));
            }
            case LoopEvent.Evaluated e -> write(Events.scalars(seconds(), total(e.phase(), e.step()), e.metrics()));
            case LoopEvent.SampleShown e ->
                write(Events.text(seconds(), total(e.phase(), e.step()), kind + "/sample", markdown(e)));
            default -> {}
        }
    }

    private long total(int phase, int step) {
        return phaseSteps.stream().limit(phase).mapToLong(Integer::intValue).sum() + step;
    }

    /** Indented by four spaces: Markdown shows it as it stands. */
    private static String markdown(LoopEvent.SampleShown sample) {
        return "reward " + sample.reward() + "\n\n    " + (sample.prompt() + sample.answer()).replace("\n", "\n    ");
    }

    private double seconds() {
        return clock.millis() * 1e-3;
    }

    private void write(byte[] event) {
        try {
            RecordWriter.write(out, event);
            out.flush();
        } catch (IOException e) {
            throw StorageException.writing(file, e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw StorageException.writing(file, e);
        }
    }
}
