// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.sextant.api.output.Output;

/**
 * Outputs of a model on a micro-batch, with the activations still there to go backward. The next forward pass of the same model takes the
 * activations over; {@link #get} stays valid.
 */
public final class ForwardPass {
    private final Map<Output, double[]> values;
    private final Consumer<Map<Output, double[]>> goBackward;

    /**
     * @param values one array for each output that was asked for
     * @param goBackward adds to the gradients of all parameters; fails if the activations have been taken over
     */
    public ForwardPass(Map<Output, double[]> values, Consumer<Map<Output, double[]>> goBackward) {
        this.values = Map.copyOf(values);
        this.goBackward = goBackward;
    }

    /** What it computed. */
    public Set<Output> outputs() {
        return values.keySet();
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
        goBackward.accept(gradients);
    }
}
