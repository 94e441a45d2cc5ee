// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.sextant.api.algorithm.RolloutPlan.Branching;
import org.sextant.api.experience.Layout;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;

/**
 * Monte-Carlo values (VinePPO, arXiv 2410.01679): answers are continued from states in their middle, and the mean reward of a state's continuations
 * is its value. States at equal depth run together, each continuation with what its answer has left of the limit of new tokens; the state before the
 * answer is one for a whole group. Continuations without a reward are left out of the mean.
 *
 * @param judge reward of a trajectory whose whole answer these tokens are; NaN if there is none
 */
record Branches(
        Branching plan,
        Sampling sampling,
        Stop stop,
        Streams streams,
        long step,
        Ledger ledger,
        ToDoubleBiFunction<Trajectory, Completed> judge) {
    /** A whole answer: what was there, then what was sampled. */
    record Completed(int[] tokens, Completion completion) {}

    /** A state: the row that it was met in, and how many of its answer's tokens come before it. */
    private record State(int row, int depth) {}

    /** @return by STATE; NaN at states that were not continued */
    double[] values(Decoder decoder, List<Trajectory> rows, Layout layout) {
        double[] values = new double[layout.states()];
        Arrays.fill(values, Double.NaN);
        int longest = rows.stream().mapToInt(Trajectory::answerLength).max().orElse(0);
        for (int depth = 0; depth < longest; depth += plan.every()) {
            Map<State, Double> means = means(decoder, rows, depth);
            for (int row = 0; row < rows.size(); row++) {
                Trajectory trajectory = rows.get(row);
                if (depth < trajectory.answerLength()) {
                    int prompt = trajectory.length() - trajectory.answerLength();
                    values[layout.stateStart(row) + prompt + depth] = means.get(state(rows, row, depth));
                }
            }
        }
        return values;
    }

    /** The state before the answer is that of the group's first row. */
    private static State state(List<Trajectory> rows, int row, int depth) {
        int first = row;
        while (depth == 0 && first > 0 && rows.get(first - 1).group == rows.get(row).group) {
            first--;
        }
        return new State(first, depth);
    }

    private Map<State, Double> means(Decoder decoder, List<Trajectory> rows, int depth) {
        Map<State, double[]> sums = new LinkedHashMap<>();
        Map<Decoder.Row, State> open = new HashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            State state = state(rows, row, depth);
            if (depth < rows.get(row).answerLength() && sums.putIfAbsent(state, new double[2]) == null) {
                open(decoder, rows.get(state.row), state, open);
            }
        }
        decoder.run(new Stop(stop.maxNewTokens() - depth, stop.tokens(), stop.strings()), completion -> {
            State state = open.get(completion.row());
            add(sums.get(state), rows.get(state.row), state, completion);
            decoder.close(completion.row());
        });
        Map<State, Double> means = new HashMap<>();
        sums.forEach((state, sum) -> means.put(state, sum[1] == 0 ? Double.NaN : sum[0] / sum[1]));
        return means;
    }

    private void open(Decoder decoder, Trajectory trajectory, State state, Map<Decoder.Row, State> open) {
        int[] prefix = trajectory.prefix(trajectory.length() - trajectory.answerLength() + state.depth);
        Decoder.Row first = null;
        for (int sample = 0; sample < plan.samples(); sample++) {
            long stateNumber = ((long) state.row << 32) + state.depth;
            var stream = streams.open(new StreamKey("branch", step, stateNumber, sample));
            Decoder.Row row =
                    first == null ? decoder.open(prefix, sampling, stream) : decoder.fork(first, sampling, stream);
            first = first == null ? row : first;
            open.put(row, state);
        }
    }

    private void add(double[] sum, Trajectory trajectory, State state, Completion completion) {
        ledger.add("tokens/generated", completion.tokens().length);
        int prompt = trajectory.length() - trajectory.answerLength();
        int[] before = Arrays.copyOfRange(trajectory.prefix(prompt + state.depth), prompt, prompt + state.depth);
        int[] whole = Arrays.copyOf(before, before.length + completion.tokens().length);
        System.arraycopy(completion.tokens(), 0, whole, before.length, completion.tokens().length);
        double reward = judge.applyAsDouble(trajectory, new Completed(whole, completion));
        if (!Double.isNaN(reward)) {
            sum[0] += reward;
            sum[1]++;
        }
    }
}
