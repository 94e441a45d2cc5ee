// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.ArrayList;
import java.util.List;

/**
 * A policy small enough to enumerate: in each of three states (start, after token 0, after token 1) it picks one of three tokens; token 2 ends the
 * answer, two tokens end it too. Its parameters are the nine logits.
 */
public final class ToyPolicy {
    private static final int TOKENS = 3;
    private static final int END = 2;

    private final double[][] probabilities;

    public ToyPolicy(double[][] logits) {
        probabilities = new double[logits.length][];
        for (int s = 0; s < logits.length; s++) {
            double sum = 0;
            probabilities[s] = new double[TOKENS];
            for (int v = 0; v < TOKENS; v++) {
                sum += probabilities[s][v] = Math.exp(logits[s][v]);
            }
            for (int v = 0; v < TOKENS; v++) {
                probabilities[s][v] /= sum;
            }
        }
    }

    public static ToyPolicy some() {
        return new ToyPolicy(new double[][] {{.3, -.4, .1}, {-.2, .7, .5}, {1.1, 0, -.6}});
    }

    /** All answers. */
    public List<int[]> answers() {
        List<int[]> answers = new ArrayList<>();
        answers.add(new int[] {END});
        for (int first = 0; first < END; first++) {
            for (int second = 0; second < TOKENS; second++) {
                answers.add(new int[] {first, second});
            }
        }
        return answers;
    }

    public double probability(int[] answer) {
        double p = 1;
        for (int t = 0; t < answer.length; t++) {
            p *= probabilities[state(answer, t)][answer[t]];
        }
        return p;
    }

    /** The answer of the most probable tokens. */
    int[] greedy() {
        int first = best(0);
        return first == END ? new int[] {END} : new int[] {first, best(1 + first)};
    }

    /** Adds {@code weight · ∇ log π(answer[t])} to the gradient by logits. */
    public void addGradient(int[] answer, int t, double weight, double[] gradient) {
        int s = state(answer, t);
        for (int v = 0; v < TOKENS; v++) {
            gradient[s * TOKENS + v] += weight * ((v == answer[t] ? 1 : 0) - probabilities[s][v]);
        }
    }

    public double probability(int[] answer, int t) {
        return probabilities[state(answer, t)][answer[t]];
    }

    double sumPiSquared(int[] answer, int t) {
        double sum = 0;
        for (double p : probabilities[state(answer, t)]) {
            sum += p * p;
        }
        return sum;
    }

    public int parameters() {
        return probabilities.length * TOKENS;
    }

    /** Probabilities of all tokens where {@code answer[t]} was chosen. */
    public double[] distribution(int[] answer, int t) {
        return probabilities[state(answer, t)].clone();
    }

    /** The policy with these logits added, a gradient or a random direction times a step. */
    public ToyPolicy plus(double[] direction, double step) {
        double[][] logits = new double[probabilities.length][TOKENS];
        for (int s = 0; s < logits.length; s++) {
            for (int v = 0; v < TOKENS; v++) {
                logits[s][v] = Math.log(probabilities[s][v]) + step * direction[s * TOKENS + v];
            }
        }
        return new ToyPolicy(logits);
    }

    /** The state in which {@code answer[t]} was chosen. */
    public static int state(int[] answer, int t) {
        return t == 0 ? 0 : 1 + answer[0];
    }

    private int best(int s) {
        int best = 0;
        for (int v = 1; v < TOKENS; v++) {
            best = probabilities[s][v] > probabilities[s][best] ? v : best;
        }
        return best;
    }
}
