// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import com.google.inject.Injector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sextant.api.events.LoopEvent;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.runner.config.Layers;
import org.sextant.runner.evaluation.AnswerRecord;
import org.sextant.runner.wiring.Experiment;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.RunModule;
import org.sextant.runner.wiring.Wiring;

/** A real run of a tiny model in a temporary folder, with everything that it told its listeners. */
final class SmallRun {
    static final String BASE = """
        name = small
        seed = 7
        model { layers = 1, hidden = 16, heads = 2, key-value-heads = 1, context = 16 }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 12 }
        reward { name = checksum }
        sampling { max-new-tokens = 3 }
        evaluation { questions = 12 }
        checkpoint { every = 1, keep = 2 }
        """;

    /** The same for a network that a provider makes. */
    static final String NETWORK = BASE.replaceFirst("(?m)^model .*$", "");

    private final Path directory;
    private String base = BASE;
    final List<SortedMap<String, Double>> metrics = new ArrayList<>();
    final List<AnswerRecord> answers = new ArrayList<>();
    final List<LoopEvent> events = new ArrayList<>();
    private int stopAfter = Integer.MAX_VALUE;
    private int dieAfter = Integer.MAX_VALUE;
    private String model;

    SmallRun(Path directory) {
        this.directory = directory;
    }

    /** Asks for a stop when so many steps of this process are done. */
    SmallRun stoppingAfter(int steps) {
        stopAfter = steps;
        return this;
    }

    /** Fails in the middle of everything when so many steps of this process are done, like a kill between two checkpoints. */
    SmallRun dyingAfter(int steps) {
        dieAfter = steps;
        return this;
    }

    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Of a network, which {@code hocon} names. */
    SmallRun ofNetwork() {
        base = NETWORK;
        return this;
    }

    Ending run(String hocon) throws IOException {
        return run(hocon, new ReferenceKernels());
    }

    Ending run(String hocon, Kernels kernels) throws IOException {
        Wiring wiring = Wiring.of(Plugins.at(List.of(), "test"));
        Experiment experiment =
                wiring.get(ExperimentReader.class).read(Layers.parse("test.conf", base + hocon, List.of()));
        LoopModule.Outside outside = new LoopModule.Outside(
                directory, new CountedLists(), answers::add, this::hear, () -> metrics.size() >= stopAfter);
        Injector injector = wiring.run(new RunModule(experiment, kernels), new LoopModule(outside));
        Ending ending = injector.getInstance(TrainingRun.class).run();
        RunModels models = injector.getInstance(RunModels.class);
        model = models.policy().contentHash();
        models.close();
        return ending;
    }

    private void hear(LoopEvent event) {
        events.add(event);
        if (event instanceof LoopEvent.StepFinished finished) {
            if (metrics.size() >= dieAfter) {
                throw new Killed();
            }
            SortedMap<String, Double> values = new TreeMap<>(finished.metrics());
            values.keySet().removeIf(name -> name.startsWith("time/") || name.startsWith("memory/"));
            metrics.add(values);
        }
    }

    /** The metrics and answers in memory stand for the files of a run. */
    private final class CountedLists implements RunFiles {
        @Override
        public Map<String, Long> positions() {
            return Map.of("metrics", (long) metrics.size(), "answers", (long) answers.size());
        }

        @Override
        public void cutBack(Map<String, Long> positions) {
            metrics.subList(positions.getOrDefault("metrics", 0L).intValue(), metrics.size())
                    .clear();
            answers.subList(positions.getOrDefault("answers", 0L).intValue(), answers.size())
                    .clear();
        }
    }

    /** What a resumed process continues: files of this run. */
    SmallRun next() {
        SmallRun next = new SmallRun(directory);
        next.base = base;
        next.metrics.addAll(metrics);
        next.answers.addAll(answers);
        return next;
    }

    /** Hash of the final weights. */
    String model() {
        return model;
    }

    byte[] savedWeights() throws IOException {
        return Files.readAllBytes(directory.resolve("model/model.safetensors"));
    }

    String hashOf(String folder, Kernels kernels) {
        try (LanguageModel loaded =
                LanguageModel.load(directory.resolve(folder), kernels, org.sextant.api.model.Role.POLICY)) {
            return loaded.contentHash();
        }
    }
}
