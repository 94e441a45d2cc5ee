// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sextant.api.experience.Experience;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.Role;
import org.sextant.api.output.Output;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.ForwardPass;
import org.sextant.models.PlannedMemory;
import org.sextant.models.optimiser.Optimiser;

/**
 * The models that are trained together, the policy first. Each output is computed by the model that is there for it, all others by the policy; so a
 * value head on the policy's trunk and a critic of its own are the same to whoever asks.
 */
final class TrainedModels {
    private final List<TrainedModel> all;
    private final Ledger ledger;
    private final Streams streams;
    private final int phase;

    TrainedModels(List<TrainedModel> all, Ledger ledger, Streams streams, int phase) {
        this.all = List.copyOf(all);
        this.ledger = ledger;
        this.streams = streams;
        this.phase = phase;
    }

    TrainedModel policy() {
        return all.getFirst();
    }

    private TrainedModel owner(Output output) {
        return all.stream()
                .skip(1)
                .filter(trained -> trained.isFor(output))
                .findFirst()
                .orElse(policy());
    }

    private Set<Output> of(TrainedModel trained, Set<Output> outputs) {
        return outputs.stream().filter(output -> owner(output) == trained).collect(Collectors.toUnmodifiableSet());
    }

    /** Outputs without a way back. */
    Map<Output, double[]> score(Experience batch, Set<Output> outputs, double temperature) {
        Map<Output, double[]> values = new LinkedHashMap<>();
        for (TrainedModel trained : all) {
            Set<Output> own = of(trained, outputs);
            if (!own.isEmpty()) {
                values.putAll(score(trained, batch, own, temperature));
            }
        }
        return values;
    }

    private Map<Output, double[]> score(
            TrainedModel trained, Experience batch, Set<Output> outputs, double temperature) {
        ledger.add("forward/" + trained.role().key(), batch.layout().tokens());
        return trained.model().score(batch, outputs, temperature);
    }

    /**
     * The forward pass of a slice.
     *
     * @param number of the slice in its batch, for dropout
     */
    JointPass forward(Experience slice, int number, Learner.Request request) {
        Map<TrainedModel, ForwardPass> passes = new LinkedHashMap<>();
        Map<Output, double[]> values = new LinkedHashMap<>();
        for (TrainedModel trained : all) {
            Set<Output> own = of(trained, request.outputs());
            if (!request.resting().contains(trained.role())) {
                ForwardPass pass = forward(trained, slice, number, own, request);
                own.forEach(output -> values.put(output, pass.get(output)));
                passes.put(trained, pass);
            } else if (!own.isEmpty()) {
                values.putAll(score(trained, slice, own, request.temperature()));
            }
        }
        return new JointPass(values, passes, slice.layout().tokens(), ledger);
    }

    private ForwardPass forward(
            TrainedModel trained, Experience slice, int number, Set<Output> outputs, Learner.Request request) {
        ledger.add("forward/" + trained.role().key(), slice.layout().tokens());
        if (!request.dropout()) {
            return trained.model().forward(slice, outputs, request.temperature());
        }
        StreamKey dropout =
                new StreamKey(trained.metric("dropout"), trained.optimiser().steps(), number, phase);
        long seed = streams.open(dropout).nextLong();
        return trained.model().forward(slice, outputs, request.temperature(), seed);
    }

    /** One optimiser step of every model that does not rest. */
    void step(Set<Role> resting, Metrics metrics) {
        for (TrainedModel trained : all) {
            if (!resting.contains(trained.role())) {
                Optimiser.Step report = trained.optimiser().step();
                metrics.value(trained.metric("grad_norm"), report.gradientNorm());
                metrics.value(trained.metric("learning_rate"), report.learningRate());
            }
        }
    }

    /** Bytes that the optimisers hold, by the names under which they are planned. */
    SortedMap<String, Long> bytesByRole() {
        SortedMap<String, Long> bytes = new TreeMap<>();
        all.forEach(trained -> bytes.put(
                PlannedMemory.optimiser(trained.role()), trained.optimiser().bytes()));
        return bytes;
    }

    void save(Path folder) {
        all.forEach(trained -> trained.optimiser().save(folder.resolve(trained.optimiserFile())));
    }

    void load(Path folder) {
        all.forEach(trained -> trained.optimiser().load(folder.resolve(trained.optimiserFile())));
    }

    void closeOptimisers() {
        all.forEach(trained -> trained.optimiser().close());
    }
}
