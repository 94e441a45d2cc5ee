// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import org.sextant.api.experience.Layout;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.ActivationBuffers;
import org.sextant.models.transformer.Transformer;

/**
 * Scalar heads by state: state t of a row is read off the hidden state of token t − 1, its last state follows the last token. State 0 has
 * no context, its number is 0.
 */
final class StateOutputs {
    private final Transformer transformer;
    private final Kernels kernels;

    StateOutputs(Transformer transformer) {
        this.transformer = transformer;
        this.kernels = transformer.kernels();
    }

    double[] forward(Head head, Tensor hidden, Layout layout, ActivationBuffers buffers) {
        Tensor scores = buffers.scores(layout.tokens());
        transformer.scores(head, hidden, layout.tokens(), scores);
        double[] byToken = new double[layout.tokens()];
        kernels.readRows(scores, 0, byToken.length, byToken);
        double[] states = new double[layout.states()];
        for (int row = 0; row < layout.rows(); row++) {
            int start = layout.start(row);
            System.arraycopy(byToken, start, states, start + row + 1, layout.length(row));
        }
        return states;
    }

    void backward(
            Head head, double[] gradient, Tensor hidden, Layout layout, ActivationBuffers buffers, Tensor dHidden) {
        Tensor dScores = buffers.scores(layout.tokens());
        double[] byToken = new double[layout.tokens()];
        for (int row = 0; row < layout.rows(); row++) {
            int start = layout.start(row);
            System.arraycopy(gradient, start + row + 1, byToken, start, layout.length(row));
        }
        kernels.writeRows(dScores, 0, byToken.length, byToken);
        transformer.scoresBackward(head, dScores, hidden, layout.tokens(), dHidden);
    }
}
