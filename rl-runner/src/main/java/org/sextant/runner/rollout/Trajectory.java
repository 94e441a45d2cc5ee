// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import java.util.Arrays;
import java.util.List;
import org.sextant.api.environment.Environment.Episode;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.Outcome.StepReward;
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
    private double[] rewards;
    private double turnRewards;
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
        rewards = new double[room];
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

    /** The answer of the turn has earned this by itself; it is due at its last token. */
    void earn(double reward) {
        turnRewards += reward;
        rewards[length - 1] += reward;
    }

    /**
     * Writes shares of the final score to the tokens of the last turn at which the steps end that earned them.
     *
     * @param answer tokens of the last turn
     */
    private void earnSteps(List<StepReward> steps, int[] answer, Tokenizer tokenizer) {
        for (StepReward step : steps) {
            int last = 0;
            while (last < answer.length - 1
                    && tokenizer.decode(Arrays.copyOf(answer, last + 1)).length() < step.end()) {
                last++;
            }
            rewards[length - answer.length + last] += step.value();
        }
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

    /**
     * The environment has ended the episode on an answer.
     *
     * @param answer tokens of the last turn
     */
    void end(Outcome result, Finish why, int[] answer, Tokenizer tokenizer) {
        end(result, why);
        if (result instanceof Outcome.Scored scored) {
            earnSteps(scored.steps(), answer, tokenizer);
        }
    }

    /** What the row has earned in all; NaN where its reward abstained or failed. */
    double reward() {
        return outcome instanceof Outcome.Scored scored ? scored.value() + turnRewards : Double.NaN;
    }

    /** The first tokens of the row. */
    int[] prefix(int count) {
        return Arrays.copyOf(tokens, count);
    }

    /** Tokens that the policy chose. */
    int answerLength() {
        int chosen = 0;
        for (int i = 0; i < length; i++) {
            chosen += response[i] ? 1 : 0;
        }
        return chosen;
    }

    private void append(int id, boolean chosen, double sampling, double old) {
        if (length == tokens.length) {
            int larger = 2 * length;
            tokens = Arrays.copyOf(tokens, larger);
            response = Arrays.copyOf(response, larger);
            turns = Arrays.copyOf(turns, larger);
            samplingLogp = Arrays.copyOf(samplingLogp, larger);
            oldLogp = Arrays.copyOf(oldLogp, larger);
            rewards = Arrays.copyOf(rewards, larger);
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

    void copyTo(
            int at, int[] allTokens, boolean[] mask, int[] allTurns, double[] sampling, double[] old, double[] earned) {
        System.arraycopy(tokens, 0, allTokens, at, length);
        System.arraycopy(response, 0, mask, at, length);
        System.arraycopy(turns, 0, allTurns, at, length);
        System.arraycopy(samplingLogp, 0, sampling, at, length);
        System.arraycopy(oldLogp, 0, old, at, length);
        System.arraycopy(rewards, 0, earned, at, length);
    }
}
