// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.output.LogProb;
import org.sextant.api.random.Stream;
import org.sextant.models.ForwardPass;
import org.sextant.models.LanguageModel;
import org.sextant.models.optimiser.AdamW;

/** Training steps on one batch of random ids: forward, cross entropy, backward, AdamW. */
final class TrainingWork implements AutoCloseable {
    private static final LogProb LOG_PROB = new LogProb();
    private static final OptimiserSettings OPTIMISER = new OptimiserSettings(
            1e-4, OptimiserSettings.Schedule.CONSTANT, 0, 1, 0.9, 0.999, 1e-8, 0.01, 0, Integer.MAX_VALUE);

    private final LanguageModel model;
    private final AdamW optimiser;
    private final Experience batch;
    private final double[] gradient;

    TrainingWork(LanguageModel model, BenchSettings settings, Stream stream) {
        this(model, settings.batch(), settings.tokens(), stream);
    }

    TrainingWork(LanguageModel model, int rows, int tokens, Stream stream) {
        this.model = model;
        this.optimiser = new AdamW(model.parameters(), OPTIMISER, Long.MAX_VALUE, model.kernels());
        int[] lengths = new int[rows];
        Arrays.fill(lengths, tokens);
        Layout layout = Layout.ofLengths(lengths);
        int[] ids = new int[layout.tokens()];
        Arrays.setAll(ids, i -> stream.nextInt(model.config().vocabulary()));
        boolean[] all = new boolean[ids.length];
        Arrays.fill(all, true);
        this.batch = Experience.of(layout, Columns.of(Standard.TOKENS, ids).with(Standard.RESPONSE_MASK, all));
        // The first token of a sequence has nothing before it that could predict it.
        this.gradient = new double[ids.length];
        Arrays.fill(gradient, -1.0 / (ids.length - layout.rows()));
    }

    int step() {
        ForwardPass pass = model.forward(batch, Set.of(LOG_PROB), 1);
        pass.backward(Map.of(LOG_PROB, gradient));
        optimiser.step();
        return batch.layout().tokens();
    }

    @Override
    public void close() {
        optimiser.close();
    }
}
