// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.TensorReader;
import org.sextant.models.files.TensorRows;
import org.sextant.models.files.TensorWriter;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.optimiser.Optimiser;
import org.sextant.models.optimiser.SavedSteps;
import org.sextant.models.transformer.Parameter.Form;

/** The updater that a graph was configured with, its gradient normalisation, regularisation and constraints included. It begins anew with each phase. */
final class OwnUpdater implements Optimiser {
    private static final String STATE = "updater_state";

    private final ComputationGraph graph;
    private final GraphGradients gradients;
    private long steps;

    OwnUpdater(ComputationGraph graph, GraphGradients gradients) {
        this.graph = graph;
        this.gradients = gradients;
        gradients.zero();
        graph.setUpdater(null);
        state().ifPresent(state -> state.assign(0));
        count(0);
    }

    /** What it remembers; empty if that is nothing, as with plain gradient descent. */
    private Optional<INDArray> state() {
        return Optional.ofNullable(graph.getUpdater(true).getStateViewArray());
    }

    /** Schedules of learning rates ask the graph for the step. */
    private void count(long number) {
        steps = number;
        ComputationGraphConfiguration conf = graph.getConfiguration();
        conf.setIterationCount(Math.toIntExact(number));
        for (var layer : graph.getLayers()) {
            layer.conf().setIterationCount(Math.toIntExact(number));
        }
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public long bytes() {
        return state().map(state -> state.length() * state.dataType().width()).orElse(0L);
    }

    @Override
    public Step step() {
        double norm = gradients.norm();
        Optional<Gradient> sum = gradients.summed();
        if (sum.isPresent()) {
            int step = Math.toIntExact(steps);
            // A batch of 1: our gradients are divided by what the loss says already.
            graph.getUpdater().update(sum.get(), step, 0, 1, LayerWorkspaceMgr.noWorkspaces());
            INDArray weights = graph.params();
            weights.subi(graph.getFlattenedGradients().reshape(weights.shape()));
            graph.applyConstraints(step, 0);
            gradients.zero();
        }
        double rate = learningRate();
        count(steps + 1);
        return new Step(steps, rate, norm);
    }

    /** That of the first layer that has one. */
    private double learningRate() {
        for (var layer : graph.getLayers()) {
            Double rate = graph.getLearningRate(layer.conf().getLayer().getLayerName());
            if (rate != null && !rate.isNaN()) {
                return rate;
            }
        }
        return 0;
    }

    /** As double, which holds all that single precision says. */
    @Override
    public void save(Path file) {
        withRow(row -> {
            state().ifPresent(state -> row.kernels().writeRow(row.tensor(), 0, Numbers.of(state)));
            TensorWriter.write(
                    file, row.parts(), Map.of("format", "pt", SavedSteps.KEY, Long.toString(steps)), row.kernels());
        });
    }

    @Override
    public void load(Path file) {
        try (SafetensorsFile saved = SafetensorsFile.open(file)) {
            long number = SavedSteps.of(saved);
            withRow(row -> {
                TensorReader.read(saved, row.parts(), Set.of(), row.kernels());
                state().ifPresent(state -> {
                    double[] numbers = new double[row.tensor().columns()];
                    row.kernels().readRow(row.tensor(), 0, numbers);
                    state.assign(Numbers.array(numbers, state.dataType(), state.shape()));
                });
            });
            count(number);
        }
    }

    /** The state as one row of a tensor that files know, if there is one. */
    private record Row(ReferenceKernels kernels, Tensor tensor, List<TensorRows> parts) {}

    private void withRow(Consumer<Row> use) {
        int numbers = state().map(state -> Math.toIntExact(state.length())).orElse(0);
        try (ReferenceKernels kernels = new ReferenceKernels();
                MemoryArena arena = kernels.arena("optimiser")) {
            Tensor tensor = arena.allocate(STATE, 1, Math.max(1, numbers));
            List<TensorRows> parts =
                    numbers == 0 ? List.of() : List.of(new TensorRows(STATE, tensor, 0, 1, Form.VECTOR));
            use.accept(new Row(kernels, tensor, parts));
        }
    }

    @Override
    public void close() {
        graph.setUpdater(null);
    }
}
