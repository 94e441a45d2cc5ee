// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.sextant.api.experience.Layout;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.output.Output;
import org.sextant.api.output.VocabularyReduction;
import org.sextant.models.Predictions;
import org.sextant.models.Sequences;

/** Outputs from what a network says after each token, and gradients back to it; all in double, a row of logits at a time. */
final class NetworkOutputs {
    private final Sequences rows;
    private final double temperature;
    private final double[] logits;
    private final LogitsRow row = new LogitsRow();

    NetworkOutputs(Sequences rows, double temperature, int vocabulary) {
        this.rows = rows;
        this.temperature = temperature;
        this.logits = new double[vocabulary];
    }

    /** All outputs by their domain: one number a token (0 where no prediction is asked for) or a state. */
    Map<Output, double[]> forward(Set<Output> outputs, Network.States states) {
        Predictions asked = rows.predictions();
        Map<VocabularyReduction, double[]> reduced = new LinkedHashMap<>();
        Map<Output, double[]> all = new LinkedHashMap<>();
        for (Output output : outputs) {
            switch (output) {
                case VocabularyReduction reduction -> reduced.put(reduction, new double[asked.count()]);
                case Head head -> all.put(head, byState(head, states));
            }
        }
        Map<VocabularyReduction, VocabularyReduction> bound = bound(reduced);
        for (int i = 0; i < asked.count() && !reduced.isEmpty(); i++) {
            goTo(i, asked, states);
            for (var entry : reduced.entrySet()) {
                entry.getValue()[i] = bound.get(entry.getKey()).forward(row);
            }
        }
        reduced.forEach((output, values) -> all.put(output, asked.spread(values, rows.tokens().length)));
        return all;
    }

    /** State t of a row is what is said after token t − 1; state 0 has no context, its number is 0. */
    private double[] byState(Head head, Network.States states) {
        Layout layout = rows.layout();
        double[] numbers = new double[layout.states()];
        for (int r = 0; r < layout.rows(); r++) {
            for (int t = layout.start(r); t < layout.end(r); t++) {
                numbers[t + r + 1] = states.head(head, t);
            }
        }
        return numbers;
    }

    private Map<VocabularyReduction, VocabularyReduction> bound(Map<VocabularyReduction, double[]> reductions) {
        Map<VocabularyReduction, VocabularyReduction> bound = new LinkedHashMap<>();
        reductions.keySet().forEach(reduction -> bound.put(reduction, reduction.over(rows.batch())));
        return bound;
    }

    /** Points {@link #row} at a prediction. */
    private void goTo(int prediction, Predictions asked, Network.States states) {
        states.logits(asked.sources()[prediction], logits);
        for (int v = 0; v < logits.length; v++) {
            logits[v] /= temperature;
        }
        row.set(logits, asked.targets()[prediction], rows.firstToken() + asked.positions()[prediction]);
    }

    /** Hands the gradients of a loss with respect to outputs to a pass, and lets it go backward. */
    void backward(Map<Output, double[]> gradients, Network.Pass pass) {
        Predictions asked = rows.predictions();
        Map<VocabularyReduction, double[]> reduced = new LinkedHashMap<>();
        for (var entry : gradients.entrySet()) {
            switch (entry.getKey()) {
                case VocabularyReduction reduction -> reduced.put(reduction, asked.gather(entry.getValue()));
                case Head head -> headBackward(head, entry.getValue(), pass);
            }
        }
        Map<VocabularyReduction, VocabularyReduction> bound = bound(reduced);
        double[] gradient = new double[logits.length];
        for (int i = 0; i < asked.count() && !reduced.isEmpty(); i++) {
            goTo(i, asked, pass);
            Arrays.fill(gradient, 0);
            for (var entry : reduced.entrySet()) {
                bound.get(entry.getKey()).backward(row, entry.getValue()[i], gradient);
            }
            for (int v = 0; v < gradient.length; v++) {
                gradient[v] /= temperature;
            }
            pass.logitsGradient(asked.sources()[i], gradient);
        }
        pass.backward();
    }

    private void headBackward(Head head, double[] gradient, Network.Pass pass) {
        Layout layout = rows.layout();
        for (int r = 0; r < layout.rows(); r++) {
            for (int t = layout.start(r); t < layout.end(r); t++) {
                pass.headGradient(head, t, gradient[t + r + 1]);
            }
        }
    }
}
