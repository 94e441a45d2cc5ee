// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import java.util.Arrays;
import org.sextant.api.environment.Environment.Episode;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;
import org.sextant.api.rollout.Completion;

/** One row in the making: tokens with their log-probabilities and turns, and in the end an outcome. */
final class Trajectory {
    final Item item;
    final Episode episode;
    final int group;
    final boolean greedy;

    private int length;
    private int turn;
    private int[] tokens;
    private boolean[] response;
    private int[] turns;
    private double[] samplingLogp;
    private double[] oldLogp;
    private Finish finish;
    private Outcome outcome;

    Trajectory(Item item, Episode episode, int group, boolean greedy, int[] prompt) {
        this.item = item;
        this.episode = episode;
        this.group = group;
        this.greedy = greedy;
        int room = prompt.length + 16;
        tokens = new int[room];
        response = new boolean[room];
        turns = new int[room];
        samplingLogp = new double[room];
        oldLogp = new double[room];
        for (int id : prompt) {
            append(id, false, 0, 0);
        }
    }

    void answer(Completion completion) {
        for (int i = 0; i < completion.tokens().length; i++) {
            append(
                    completion.tokens()[i],
                    true,
                    completion.samplingLogp()[i],
                    completion.oldLogp()[i]);
        }
        finish = completion.finish();
    }

    void observe(int[] observation) {
        turn++;
        for (int id : observation) {
            append(id, false, 0, 0);
        }
    }

    void end(Outcome result, Finish why) {
        outcome = result;
        finish = why;
    }

    private void append(int id, boolean chosen, double sampling, double old) {
        if (length == tokens.length) {
            int larger = 2 * length;
            tokens = Arrays.copyOf(tokens, larger);
            response = Arrays.copyOf(response, larger);
            turns = Arrays.copyOf(turns, larger);
            samplingLogp = Arrays.copyOf(samplingLogp, larger);
            oldLogp = Arrays.copyOf(oldLogp, larger);
        }
        tokens[length] = id;
        response[length] = chosen;
        turns[length] = turn;
        samplingLogp[length] = sampling;
        oldLogp[length] = old;
        length++;
    }

    int length() {
        return length;
    }

    Finish finish() {
        return finish;
    }

    Outcome outcome() {
        return outcome;
    }

    void copyTo(int at, int[] allTokens, boolean[] mask, int[] allTurns, double[] sampling, double[] old) {
        System.arraycopy(tokens, 0, allTokens, at, length);
        System.arraycopy(response, 0, mask, at, length);
        System.arraycopy(turns, 0, allTurns, at, length);
        System.arraycopy(samplingLogp, 0, sampling, at, length);
        System.arraycopy(oldLogp, 0, old, at, length);
    }
}
