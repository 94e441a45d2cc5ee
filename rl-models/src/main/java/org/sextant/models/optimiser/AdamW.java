// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.optimiser;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.models.NonFiniteException;
import org.sextant.models.PlannedMemory;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.TensorReader;
import org.sextant.models.files.TensorRows;
import org.sextant.models.files.TensorWriter;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;

/**
 * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101) in PyTorch's form, with decay on matrices alone, a schedule, and clipping by the
 * global norm. Gradients add up in the parameters until {@link #step} uses and zeroes them: that is gradient accumulation.
 */
public final class AdamW implements Optimiser {
    /** Added to the norm that a gradient is divided by, as PyTorch's {@code clip_grad_norm_} does. */
    private static final double NORM_EPSILON = 1e-6;

    private static final String FIRST = "exp_avg.";
    private static final String SECOND = "exp_avg_sq.";

    private final OptimiserSettings settings;
    private final long totalSteps;
    private final Kernels kernels;
    private final MemoryArena arena;
    private final List<Moments> moments = new ArrayList<>();
    private long steps;

    private record Moments(Parameter parameter, Tensor first, Tensor second) {}

    /** Of a policy. */
    public AdamW(List<Parameter> parameters, OptimiserSettings settings, long totalSteps, Kernels kernels) {
        this(parameters, settings, totalSteps, kernels, PlannedMemory.optimiser(Role.POLICY));
    }

    /**
     * @param parameters of a model on {@code kernels}
     * @param totalSteps length of the schedule; beyond it the last learning rate stays
     * @param account that the moments are charged to
     */
    public AdamW(
            List<Parameter> parameters, OptimiserSettings settings, long totalSteps, Kernels kernels, String account) {
        this.settings = settings;
        this.totalSteps = totalSteps;
        this.kernels = kernels;
        this.arena = kernels.arena(account);
        try {
            parameters.forEach(this::addMoments);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private void addMoments(Parameter p) {
        moments.add(new Moments(
                p, arena.allocateLike(FIRST + p.name(), p.value()), arena.allocateLike(SECOND + p.name(), p.value())));
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public long bytes() {
        return arena.bytes();
    }

    @Override
    public Step step() {
        double norm = gradientNorm();
        double learningRate = Schedules.learningRate(settings, steps, totalSteps);
        steps++;
        double scale =
                settings.maxGradientNorm() > 0 ? Math.min(1, settings.maxGradientNorm() / (norm + NORM_EPSILON)) : 1;
        for (Moments m : moments) {
            Parameter p = m.parameter();
            kernels.adamW(p.value(), p.gradient(), m.first(), m.second(), coefficients(p, learningRate, scale));
            kernels.zero(p.gradient(), p.gradient().rows());
        }
        return new Step(steps, learningRate, norm);
    }

    private double gradientNorm() {
        double squares = 0;
        for (Moments m : moments) {
            double own = kernels.sumOfSquares(m.parameter().gradient());
            if (!Double.isFinite(own)) {
                throw new NonFiniteException("the gradient of " + m.parameter().name(), new int[0]);
            }
            squares += own;
        }
        return Math.sqrt(squares);
    }

    private Kernels.AdamWStep coefficients(Parameter p, double learningRate, double gradientScale) {
        return new Kernels.AdamWStep(
                learningRate,
                settings.beta1(),
                settings.beta2(),
                settings.epsilon(),
                p.decays() ? settings.weightDecay() : 0,
                1 - Math.pow(settings.beta1(), steps),
                1 - Math.pow(settings.beta2(), steps),
                gradientScale);
    }

    /** Forgets gradients that no step has used. */
    public void zeroGradients() {
        for (Moments m : moments) {
            kernels.zero(m.parameter().gradient(), m.parameter().gradient().rows());
        }
    }

    // ---- state
    // -----------------------------------------------------------------------------------------------------------

    /** {@inheritDoc} The moments and the number of steps, as safetensors. */
    @Override
    public void save(Path file) {
        TensorWriter.write(file, tensors(), Map.of("format", "pt", SavedSteps.KEY, Long.toString(steps)), kernels);
    }

    @Override
    public void load(Path file) {
        try (SafetensorsFile saved = SafetensorsFile.open(file)) {
            long count = SavedSteps.of(saved);
            TensorReader.read(saved, tensors(), Set.of(), kernels);
            steps = count;
        }
    }

    private List<TensorRows> tensors() {
        return moments.stream()
                .flatMap(m -> Stream.concat(
                        TensorRows.of(FIRST, m.parameter(), m.first()).stream(),
                        TensorRows.of(SECOND, m.parameter(), m.second()).stream()))
                .toList();
    }

    @Override
    public void close() {
        arena.close();
    }
}
