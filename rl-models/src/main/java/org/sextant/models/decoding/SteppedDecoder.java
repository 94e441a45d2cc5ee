// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.sextant.api.experience.Finish;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.random.Stream;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.NonFiniteException;

/**
 * A decoder over {@link NextTokens}. Each step takes the next tokens of every active row in, prompts like answers; a row that has seen all of its
 * tokens chooses the next one, a row that finishes leaves at once, a waiting one enters. Rows that begin with the same tokens compute them once.
 *
 * <p>Weights must not change while it is open. Errors leave the decoder fit for nothing but {@link #close()}.
 */
final class SteppedDecoder<S> implements Decoder {
    private final NextTokens<S> model;
    private final Tokenizer tokenizer;
    private final int mostRows;
    private final Runnable onClose;
    private final Sampler sampler;
    private final boolean allHaveText;
    private final LogitsRow scored = new LogitsRow();
    private final LogProb logProb = new LogProb();
    private final Set<SteppedRow<S>> open = new LinkedHashSet<>();
    private final Deque<SteppedRow<S>> waiting = new ArrayDeque<>();
    private final List<SteppedRow<S>> active = new ArrayList<>();
    private double[][] logits = new double[0][];
    private int opened;
    private boolean running;
    private boolean closed;

    /**
     * @param mostRows rows that generate together; others wait
     * @param onClose told when the decoder is closed
     */
    SteppedDecoder(NextTokens<S> model, Tokenizer tokenizer, int mostRows, Runnable onClose) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.mostRows = mostRows;
        this.onClose = onClose;
        this.sampler = new Sampler(model.vocabulary(), tokenizer.vocabularySize(), tokenizer.eosIds());
        this.allHaveText = tokenizer.vocabularySize() >= model.vocabulary();
    }

    // ---- rows

    @Override
    public Row open(int[] prompt, Sampling sampling, Stream stream) {
        requireOpen();
        Requirements.prompt(prompt, model.vocabulary(), model.context());
        Requirements.sampling(sampling, model.vocabulary());
        return opened(new SteppedRow<>(opened++, prompt.clone(), sampling, stream, model.begin(), 0));
    }

    @Override
    public Row fork(Row row, Sampling sampling, Stream stream) {
        SteppedRow<S> parent = own(row);
        Requirements.room("a fork", parent.length(), 0, model.context());
        Requirements.sampling(sampling, model.vocabulary());
        SteppedRow<S> fork =
                new SteppedRow<>(opened++, parent.tokens(), sampling, stream, model.copy(parent.state), parent.seen);
        fork.pending = parent.pending;
        return opened(fork);
    }

    private Row opened(SteppedRow<S> row) {
        open.add(row);
        return row;
    }

    @Override
    public void append(Row row, int[] observation) {
        SteppedRow<S> target = own(row);
        if (target.generating) {
            throw new IllegalStateException(
                    "row " + target.number() + " is still generating: append to it when it has stopped");
        }
        Requirements.ids("observation", observation, model.vocabulary());
        Requirements.room("an observation", target.length(), observation.length, model.context());
        target.append(observation);
    }

    @Override
    public boolean fits(Row row, int observationTokens) {
        return (long) own(row).length() + observationTokens < model.context();
    }

    @Override
    public void close(Row row) {
        requireOpen();
        if (row instanceof SteppedRow<?> given && !given.open) {
            return;
        }
        SteppedRow<S> closing = own(row);
        if (closing.generating) {
            throw new IllegalStateException(
                    "row " + closing.number() + " is still generating: close it when it has stopped");
        }
        closing.open = false;
        closing.state = null;
        open.remove(closing);
    }

    private SteppedRow<S> own(Row row) {
        requireOpen();
        for (SteppedRow<S> candidate : row instanceof SteppedRow<?> ? open : Set.<SteppedRow<S>>of()) {
            if (candidate == row) {
                return candidate;
            }
        }
        throw new IllegalStateException(
                row instanceof SteppedRow<?> other && !other.open
                        ? "row " + other.number() + " is closed"
                        : "the row belongs to another decoder");
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the decoder is closed");
        }
    }

    // ---- generating

    @Override
    public List<Completion> run(Stop until, Consumer<Completion> onFinish) {
        requireOpen();
        if (running) {
            throw new IllegalStateException("the decoder is running already: call run after it has returned");
        }
        Requirements.stop(until, model.vocabulary());
        running = true;
        try {
            var rule = new StopRule(until, tokenizer.eosIds(), model.context());
            open.stream().filter(row -> row.pending).forEach(row -> begin(row, until));
            List<Completion> all = new ArrayList<>();
            while (!waiting.isEmpty() || !active.isEmpty()) {
                admit();
                step(rule, all, onFinish);
            }
            all.sort(Comparator.comparingInt(c -> ((AnswerRow) c.row()).number()));
            return all;
        } finally {
            waiting.clear();
            active.clear();
            running = false;
        }
    }

    private void begin(SteppedRow<S> row, Stop until) {
        row.beginAnswer(until.strings().isEmpty() ? null : new AnswerText(tokenizer, until.strings(), row.length()));
        row.generating = true;
        waiting.add(row);
    }

    /** Lets waiting rows in; those with the tokens of the one that was let in before them wait for it. */
    private void admit() {
        int rows = active.stream().mapToInt(row -> 1 + row.twins.size()).sum();
        SteppedRow<S> leader = null;
        for (; rows < mostRows && !waiting.isEmpty(); rows++) {
            SteppedRow<S> row = waiting.remove();
            if (leader != null && leader.sameAs(row)) {
                leader.twins.add(row);
            } else {
                active.add(row);
                leader = row;
            }
        }
    }

    private void step(StopRule rule, List<Completion> all, Consumer<Completion> onFinish) {
        List<NextTokens.Piece<S>> pieces = new ArrayList<>();
        for (SteppedRow<S> row : active) {
            int to = row.seen + Math.min(model.tokensAtOnce(), row.length() - row.seen);
            pieces.add(new NextTokens.Piece<>(row.state, row.ids(), row.seen, to));
        }
        reserve(pieces.size());
        model.feed(pieces, logits);
        List<SteppedRow<S>> going = new ArrayList<>();
        List<Completion> finished = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            SteppedRow<S> row = active.get(i);
            row.seen = pieces.get(i).to();
            if (row.seen < row.length()) {
                going.add(row);
                continue;
            }
            for (SteppedRow<S> each : released(row)) {
                choose(each, logits[i], rule, going, finished);
            }
        }
        active.clear();
        active.addAll(going);
        all.addAll(finished);
        finished.forEach(onFinish);
    }

    /** The row and its twins, each with a state of its own. */
    private List<SteppedRow<S>> released(SteppedRow<S> row) {
        List<SteppedRow<S>> rows = new ArrayList<>(List.of(row));
        for (SteppedRow<S> twin : row.twins) {
            twin.state = model.copy(row.state);
            twin.seen = row.seen;
            rows.add(twin);
        }
        row.twins.clear();
        return rows;
    }

    private void choose(
            SteppedRow<S> row, double[] ofRow, StopRule rule, List<SteppedRow<S>> going, List<Completion> finished) {
        double[] scores = ofRow.clone();
        requireFinite(scores, row);
        int token = sampler.choose(scores, row);
        double temperature = row.sampling.temperature();
        double oldLogp = logProb.forward(
                scored.set(Arrays.stream(ofRow).map(z -> z / temperature).toArray(), token, 0));
        row.answer(token, row.unfiltered() && allHaveText ? oldLogp : sampler.logProb(), oldLogp);
        Finish finish = rule.check(row);
        if (finish == null) {
            going.add(row);
        } else {
            row.generating = false;
            finished.add(row.complete(finish));
        }
    }

    private static void requireFinite(double[] scores, AnswerRow row) {
        if (!Arrays.stream(scores).allMatch(Double::isFinite)) {
            throw new NonFiniteException("logits", new int[] {row.number()});
        }
    }

    private void reserve(int rows) {
        if (rows > logits.length) {
            logits = new double[rows][model.vocabulary()];
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            open.forEach(row -> row.open = false);
            open.clear();
            onClose.run();
        }
    }
}
