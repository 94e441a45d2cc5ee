// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Map;
import org.sextant.api.output.Output;

/**
 * Outputs of a model on a micro-batch, with the activations still there to go backward. The next forward pass of the same model takes the
 * activations over; {@link #get} stays valid.
 */
public final class ForwardPass {
    private final Trainer trainer;
    private final long number;
    private final Sequences batch;
    private final double temperature;
    private final Map<Output, double[]> values;

    ForwardPass(Trainer trainer, long number, Sequences batch, double temperature, Map<Output, double[]> values) {
        this.trainer = trainer;
        this.number = number;
        this.batch = batch;
        this.temperature = temperature;
        this.values = values;
    }

    /**
     * An output by its domain. TOKEN: the prediction of each token in the response mask, 0 elsewhere and for the first token of a row.
     * STATE: one more than tokens in a row; state 0 has no context, its number is 0.
     */
    public double[] get(Output output) {
        double[] found = values.get(output);
        if (found == null) {
            throw new IllegalArgumentException("output '" + output.name() + "' was not asked for in this forward pass");
        }
        return found;
    }

    /**
     * Adds to the gradients of all parameters.
     *
     * @param gradients of a loss with respect to outputs of this pass, each as long as {@link #get}; entries outside the mask do not count
     * @throws NonFiniteException if one of them, or a gradient that follows from them, is not finite
     */
    public void backward(Map<Output, double[]> gradients) {
        gradients.forEach((output, gradient) -> {
            if (gradient.length != get(output).length) {
                throw new IllegalArgumentException("the gradient of output '" + output.name() + "' has "
                        + gradient.length + " entries, the output has " + get(output).length);
            }
        });
        trainer.backward(number, batch, gradients, temperature);
    }
}
