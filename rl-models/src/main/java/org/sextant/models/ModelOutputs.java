// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.sextant.api.output.Head;
import org.sextant.api.output.Output;
import org.sextant.api.output.VocabularyReduction;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.ActivationBuffers;
import org.sextant.models.transformer.TrainingBuffers;
import org.sextant.models.transformer.Transformer;

/** Everything that can be read off the final hidden states of a batch, and back. */
final class ModelOutputs {
    private final VocabularyOutputs vocabulary;
    private final StateOutputs states;

    ModelOutputs(Transformer transformer) {
        this.vocabulary = new VocabularyOutputs(transformer);
        this.states = new StateOutputs(transformer);
    }

    /** All outputs by their domain: one number a token (0 where no prediction is asked for) or a state. */
    Map<Output, double[]> forward(
            Tensor hidden, Sequences batch, Set<Output> outputs, double temperature, ActivationBuffers buffers) {
        Predictions predictions = batch.predictions();
        Map<VocabularyReduction, double[]> reduced = new LinkedHashMap<>();
        Map<Output, double[]> all = new LinkedHashMap<>();
        for (Output output : outputs) {
            switch (output) {
                case VocabularyReduction reduction -> reduced.put(reduction, new double[predictions.count()]);
                case Head head -> all.put(head, states.forward(head, hidden, batch.layout(), buffers));
            }
        }
        var asked = new VocabularyOutputs.Asked(batch, predictions, temperature);
        vocabulary.forward(hidden, asked, reduced, buffers);
        reduced.forEach((output, values) -> all.put(output, predictions.spread(values, batch.tokens().length)));
        return all;
    }

    /** Adds the gradients of the heads' weights, and those of the hidden states to {@code dHidden}. */
    void backward(
            Tensor hidden,
            Sequences batch,
            Map<Output, double[]> gradients,
            double temperature,
            TrainingBuffers buffers,
            Tensor dHidden) {
        Predictions predictions = batch.predictions();
        Map<VocabularyReduction, double[]> reduced = new LinkedHashMap<>();
        for (var entry : gradients.entrySet()) {
            switch (entry.getKey()) {
                case VocabularyReduction reduction -> reduced.put(reduction, predictions.gather(entry.getValue()));
                case Head head -> states.backward(head, entry.getValue(), hidden, batch.layout(), buffers, dHidden);
            }
        }
        var asked = new VocabularyOutputs.Asked(batch, predictions, temperature);
        vocabulary.backward(hidden, asked, reduced, buffers, dHidden);
    }
}
