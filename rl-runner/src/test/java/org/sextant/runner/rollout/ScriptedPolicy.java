// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.sextant.api.experience.Finish;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.random.Stream;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;

/** A policy that says what a script answers to the text so far; ids are character codes, 0 ends an answer. */
final class ScriptedPolicy implements PolicySnapshot {
    private final BiFunction<String, Stream, String> script;
    final List<Integer> limits = new ArrayList<>();

    /** @param script the answer to a text; greedy rows get a stream that is null */
    ScriptedPolicy(BiFunction<String, Stream, String> script) {
        this.script = script;
    }

    static final Tokenizer CHARACTERS = new Tokenizer() {
        @Override
        public int[] encode(String text) {
            return text.chars().toArray();
        }

        @Override
        public String decode(int[] ids) {
            return Arrays.stream(ids)
                    .filter(id -> id != 0)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }

        @Override
        public int vocabularySize() {
            return 128;
        }

        @Override
        public int eos() {
            return 0;
        }

        @Override
        public OptionalInt bos() {
            return OptionalInt.empty();
        }
    };

    @Override
    public long version() {
        return 3;
    }

    @Override
    public int context() {
        return 100;
    }

    @Override
    public Decoder decoder() {
        return new Script();
    }

    private static final class Line implements Decoder.Row {
        private int[] tokens;
        private final Stream stream;
        private boolean waiting = true;

        private Line(int[] tokens, Stream stream) {
            this.tokens = tokens;
            this.stream = stream;
        }

        @Override
        public int[] tokens() {
            return tokens;
        }
    }

    private final class Script implements Decoder {
        private final List<Line> rows = new ArrayList<>();

        @Override
        public Row open(int[] prompt, Sampling sampling, Stream stream) {
            Line row = new Line(prompt, sampling.greedy() ? null : stream);
            rows.add(row);
            return row;
        }

        @Override
        public Row fork(Row row, Sampling sampling, Stream stream) {
            return open(row.tokens(), sampling, stream);
        }

        @Override
        public List<Completion> run(Stop until, Consumer<Completion> onFinish) {
            limits.add(until.maxNewTokens());
            List<Completion> done = new ArrayList<>();
            for (Line row : List.copyOf(rows)) {
                if (row.waiting) {
                    row.waiting = false;
                    int[] whole = (script.apply(CHARACTERS.decode(row.tokens), row.stream) + "\0")
                            .chars()
                            .toArray();
                    boolean cut = whole.length > until.maxNewTokens();
                    int[] answer = cut ? Arrays.copyOf(whole, until.maxNewTokens()) : whole;
                    row.tokens = java.util.stream.IntStream.concat(Arrays.stream(row.tokens), Arrays.stream(answer))
                            .toArray();
                    double[] logp = new double[answer.length];
                    done.add(new Completion(row, answer, logp, logp, cut ? Finish.LENGTH : Finish.EOS));
                    onFinish.accept(done.getLast());
                }
            }
            return done;
        }

        @Override
        public void append(Row row, int[] observation) {
            Line line = (Line) row;
            line.tokens = java.util.stream.IntStream.concat(Arrays.stream(line.tokens), Arrays.stream(observation))
                    .toArray();
            line.waiting = true;
        }

        @Override
        public boolean fits(Row row, int observationTokens) {
            return true;
        }

        @Override
        public void close(Row row) {
            rows.remove((Line) row);
        }

        @Override
        public void close() {
            rows.clear();
        }
    }
}
