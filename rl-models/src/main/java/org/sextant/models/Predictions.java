// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

/**
 * The tokens of a batch whose prediction is asked for.
 *
 * @param positions index of the token in the batch, ascending
 * @param targets its id
 * @param sources index of the hidden state that predicts it: the token before
 */
public record Predictions(int[] positions, int[] targets, int[] sources) {
    public int count() {
        return positions.length;
    }

    /** One number a prediction from one number a token. */
    public double[] gather(double[] byToken) {
        double[] chosen = new double[positions.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = byToken[positions[i]];
        }
        return chosen;
    }

    /** One number a token from one number a prediction; 0 where nothing was asked for. */
    public double[] spread(double[] chosen, int tokens) {
        double[] byToken = new double[tokens];
        for (int i = 0; i < chosen.length; i++) {
            byToken[positions[i]] = chosen[i];
        }
        return byToken;
    }
}
