// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.RowRole;
import org.sextant.api.experience.Standard;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

/**
 * Small batches for tests. {@link #rows} builds one by hand; {@link #matching} makes what the runner would hand to an
 * algorithm with given needs, with the awkward rows that real batches have: an answer of one token, an answer without a
 * token, an observation between two turns, a truncated answer, a row whose reward abstained, a group in which all
 * rewards are the same.
 */
public final class Batches {
    private Batches() {}

    /** Starts a batch whose rows have these numbers of tokens. */
    public static Builder rows(int... lengths) {
        return new Builder(Layout.ofLengths(lengths));
    }

    /** A batch of the kind of data, and with the columns, that these needs name; random numbers come from the seed. */
    public static Experience matching(Needs needs, long seed) {
        Stream random = new Streams(seed).open(StreamKey.of("testkit"));
        Experience batch = switch (needs.data()) {
            case ROLLOUTS -> rollouts(needs.rollout().orElseThrow().samplesPerPrompt(), random);
            case PREFERENCE_PAIRS -> offline(random, RowRole.CHOSEN, RowRole.REJECTED);
            case LABELLED -> offline(random, RowRole.DESIRABLE, RowRole.UNDESIRABLE);
            case DEMONSTRATIONS -> offline(random, RowRole.DEMONSTRATION, RowRole.DEMONSTRATION);
        };
        boolean greedy = needs.rollout().map(plan -> plan.greedyBaseline()).orElse(false);
        if (greedy) {
            batch = batch.with(Standard.GREEDY_REWARD, byGroup(batch.get(Standard.GROUP), random));
        }
        for (Column<?> column : needs.columns()) {
            batch = batch.has(column) ? batch : Fill.in(column, batch, random);
        }
        return batch;
    }

    /** At least eight rows in groups of {@code samples}, as a collector returns them. */
    static Experience rollouts(int samples, Stream random) {
        int groups = Math.max(3, (8 + samples - 1) / samples);
        int rows = groups * samples;
        int[] prompt = new int[rows];
        int[] answer = new int[rows];
        for (int row = 0; row < rows; row++) {
            prompt[row] = 1 + row / samples % 3;
            answer[row] = row == 0 ? 1 : row == 3 ? 0 : row == 5 ? 5 : 1 + random.nextInt(4);
        }
        Builder builder = rows(IntStream.range(0, rows)
                        .map(i -> prompt[i] + answer[i])
                        .toArray())
                .prompts(prompt)
                .observation(5, prompt[5] + 2, 1)
                .tokens(random)
                .group(IntStream.range(0, rows).map(i -> i / samples).toArray())
                .reward(rewards(rows, samples, random));
        Finish[] finish = new Finish[rows];
        Arrays.setAll(finish, row -> row % 4 == 2 ? Finish.LENGTH : Finish.EOS);
        Experience batch = builder.with(Standard.FINISH, finish)
                .with(Standard.POLICY_VERSION, new long[rows])
                .with(Standard.TOKEN_REWARDS, new double[builder.layout.tokens()])
                .build();
        batch = Fill.in(Standard.OLD_LOGP, batch, random);
        return batch.with(Standard.SAMPLING_LOGP, batch.get(Standard.OLD_LOGP).clone());
    }

    /** The second row abstained; the group in the middle is constant. */
    private static double[] rewards(int rows, int samples, Stream random) {
        double[] rewards = new double[rows];
        for (int row = 0; row < rows; row++) {
            rewards[row] =
                    row == 1 ? Double.NaN : row / samples == 1 ? 0.1 : random.nextInt(2) + 0.25 * random.nextInt(3);
        }
        return rewards;
    }

    private static double[] byGroup(int[] group, Stream random) {
        double[] perGroup =
                random.doubles(Arrays.stream(group).max().orElse(0) + 1L).toArray();
        return Arrays.stream(group).mapToDouble(g -> perGroup[g]).toArray();
    }

    /** Eight rows, two to a prompt, of these roles. */
    private static Experience offline(Stream random, RowRole first, RowRole second) {
        int[] prompt = {2, 2, 1, 1, 3, 3, 2, 2};
        RowRole[] roles = new RowRole[prompt.length];
        Arrays.setAll(roles, row -> row % 2 == 0 ? first : second);
        return rows(3, 5, 5, 4, 4, 6, 3, 4)
                .prompts(prompt)
                .tokens(random)
                .group(0, 0, 1, 1, 2, 2, 3, 3)
                .with(Standard.ROLE, roles)
                .build();
    }

    /** Columns over one layout. */
    public static final class Builder {
        private final Layout layout;
        private final boolean[] response;
        private final int[] turn;
        private Columns columns = Columns.none();

        private Builder(Layout layout) {
            this.layout = layout;
            this.response = new boolean[layout.tokens()];
            this.turn = new int[layout.tokens()];
            Arrays.fill(response, true);
        }

        /** The first tokens of each row are its prompt; without this call every token is an answer's. */
        public Builder prompts(int... lengths) {
            for (int row = 0; row < layout.rows(); row++) {
                Arrays.fill(response, layout.start(row), layout.start(row) + lengths[row], false);
            }
            return this;
        }

        /** Tokens {@code at … at+length-1} of a row are an observation, which opens the next turn. */
        public Builder observation(int row, int at, int length) {
            int start = layout.start(row) + at;
            Arrays.fill(response, start, start + length, false);
            for (int t = start; t < layout.end(row); t++) {
                turn[t]++;
            }
            return this;
        }

        /** Random ids from 1 to 9, the same prompt for rows that differ by their answers only if the caller says so. */
        Builder tokens(Stream random) {
            return with(Standard.TOKENS, random.ints(layout.tokens(), 1, 10).toArray());
        }

        public Builder tokens(int... ids) {
            return with(Standard.TOKENS, ids);
        }

        /** Group numbers; items are named after them. */
        public Builder group(int... group) {
            return with(Standard.GROUP, group)
                    .with(
                            Standard.ITEM,
                            Arrays.stream(group).mapToObj(g -> "item-" + g).toArray(String[]::new))
                    .with(
                            Standard.DIFFICULTY,
                            Arrays.stream(group).mapToObj(g -> "d" + g % 2).toArray(String[]::new));
        }

        /** Rewards; NaN makes the row invalid. */
        public Builder reward(double... reward) {
            boolean[] valid = new boolean[reward.length];
            for (int row = 0; row < valid.length; row++) {
                valid[row] = !Double.isNaN(reward[row]);
            }
            return with(Standard.REWARD, reward).with(Standard.VALID, valid);
        }

        public <A> Builder with(Column<A> column, A values) {
            columns = columns.with(column, values);
            return this;
        }

        /** The batch, with response mask and turns; tokens are zero if none were given. */
        public Experience build() {
            Columns all = columns.with(Standard.RESPONSE_MASK, response).with(Standard.TURN, turn);
            if (!all.has(Standard.TOKENS)) {
                all = all.with(Standard.TOKENS, new int[layout.tokens()]);
            }
            return Experience.of(layout, all);
        }
    }
}
