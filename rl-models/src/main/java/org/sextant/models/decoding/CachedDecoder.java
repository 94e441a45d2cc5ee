// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.sextant.api.experience.Finish;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.random.Stream;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.NonFiniteException;
import org.sextant.models.decoding.CachedRow.State;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.NonFiniteRows;
import org.sextant.models.transformer.Transformer;

/**
 * A decoder over one paged key/value cache (Kwon et al. 2023, arXiv 2309.06180). Every forward pass holds one token of each row that generates
 * and pieces of the prompts of rows that enter (Agrawal et al. 2024, arXiv 2403.02310); a row that finishes leaves at once. Rows forked from
 * one another share full pages; a page that two rows share is copied when one of them writes to it.
 *
 * <p>Weights must not change while it is open. Errors leave the decoder fit for nothing but {@link #close()}.
 */
public final class CachedDecoder implements Decoder {
    private final DecodingMemory memory;
    private final Transformer model;
    private final Tokenizer tokenizer;
    private final int context;
    private final Schedule schedule;
    private final TokenChooser chooser;
    private final List<CachedRow> twins = new ArrayList<>();
    private long generated;
    private long promptComputed;
    private long forwarded;
    private int opened;
    private boolean running;
    private boolean closed;

    /**
     * @param memory of the model to sample from; no other decoder may be open on it
     * @param tokenizer knows the ids that end a sequence, those that have a text (no other is sampled), and the text that stop
     *     strings are looked for in
     */
    public CachedDecoder(DecodingMemory memory, Tokenizer tokenizer) {
        memory.acquire();
        this.memory = memory;
        this.model = memory.model;
        this.tokenizer = tokenizer;
        this.context = model.config().context();
        this.schedule = new Schedule(memory.pool, memory.settings.rows());
        this.chooser = new TokenChooser(model, tokenizer);
    }

    /** What has been done since the decoder was opened. */
    public DecodingCounts counts() {
        return new DecodingCounts(generated, promptComputed, forwarded);
    }

    // ---- rows

    @Override
    public Row open(int[] prompt, Sampling sampling, Stream stream) {
        requireOpen();
        Requirements.prompt(prompt, model.config().vocabulary(), context);
        Requirements.sampling(sampling, model.config().vocabulary());
        var row = new CachedRow(opened++, prompt.clone(), sampling, stream, memory.pool);
        schedule.opened(row);
        return row;
    }

    @Override
    public Row fork(Row row, Sampling sampling, Stream stream) {
        CachedRow parent = own(row);
        Requirements.room("a fork", parent.length(), 0, context);
        Requirements.sampling(sampling, model.config().vocabulary());
        CachedRow fork = parent.fork(opened++, sampling, stream, memory.pool);
        schedule.opened(fork);
        return fork;
    }

    @Override
    public void append(Row row, int[] observation) {
        CachedRow target = own(row);
        if (target.state != State.IDLE) {
            throw new IllegalStateException(
                    "row " + target.number() + " is still generating: append to it when it has stopped");
        }
        Requirements.ids("observation", observation, model.config().vocabulary());
        Requirements.room("an observation", target.length(), observation.length, context);
        target.append(observation);
    }

    @Override
    public boolean fits(Row row, int observationTokens) {
        return (long) own(row).length() + observationTokens < context;
    }

    @Override
    public void close(Row row) {
        requireOpen();
        if (row instanceof CachedRow given && given.state == State.CLOSED) {
            return;
        }
        schedule.close(own(row));
    }

    private CachedRow own(Row row) {
        requireOpen();
        if (row instanceof CachedRow own && schedule.openRows().contains(own)) {
            return own;
        }
        throw new IllegalStateException(
                row instanceof CachedRow other && other.state == State.CLOSED
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
        Requirements.stop(until, model.config().vocabulary());
        running = true;
        try {
            var rule = new StopRule(until, tokenizer.eosIds(), context);
            schedule.begin()
                    .forEach(row -> row.beginAnswer(
                            until.strings().isEmpty()
                                    ? null
                                    : new AnswerText(tokenizer, until.strings(), row.length())));
            schedule.provide(length -> (int) Math.min(context, (long) length + until.maxNewTokens()));
            List<Completion> all = new ArrayList<>();
            while (!schedule.finished()) {
                step(rule, all, onFinish);
            }
            all.sort(Comparator.comparingInt(c -> ((CachedRow) c.row()).number()));
            return all;
        } finally {
            schedule.end();
            running = false;
        }
    }

    private void step(StopRule rule, List<Completion> all, Consumer<Completion> onFinish) {
        schedule.admit();
        plan();
        Tensor hidden = model.hidden(memory.ids, memory.segments, memory.pool.store(), memory.activations);
        requireFinite(hidden);
        collectChoosers();
        chooser.choose(hidden, memory.activations);
        generated += chooser.rows().size();
        forwarded += memory.segments.totalRows();
        int first = all.size();
        for (CachedRow row : chooser.rows()) {
            Finish finish = rule.check(row);
            if (finish != null) {
                schedule.leave(row);
                all.add(row.complete(finish));
            }
        }
        for (int i = first; i < all.size(); i++) {
            onFinish.accept(all.get(i));
        }
    }

    private void requireFinite(Tensor hidden) {
        if (model.kernels().firstNonFiniteRow(hidden, memory.segments.totalRows()) >= 0) {
            NonFiniteRows first = model.firstNonFinite(
                            memory.ids, memory.segments, memory.pool.store(), memory.activations)
                    .orElseThrow();
            throw new NonFiniteException(
                    first.tensor(),
                    IntStream.of(first.rows()).map(this::rowAt).distinct().toArray());
        }
    }

    /** Number of the decoder's row that a row of the forward pass belongs to. */
    private int rowAt(int rowOfPass) {
        int segment = 0;
        while (rowOfPass >= memory.segments.firstRow(segment) + memory.segments.rows(segment)) {
            segment++;
        }
        return schedule.active().get(segment).number();
    }

    /** Gives every row that generates at least one position of the next forward pass, the first ones more if they need it. */
    private void plan() {
        List<CachedRow> active = schedule.active();
        memory.segments.clear();
        int left = memory.settings.chunkTokens();
        for (int i = 0; i < active.size(); i++) {
            CachedRow row = active.get(i);
            int cached = row.cache.positions();
            int othersNeed = active.size() - i - 1;
            int count = Math.min(row.length() - cached, left - othersNeed);
            if (schedule.makeWritable(row, count)) {
                System.arraycopy(row.ids(), cached, memory.ids, memory.segments.totalRows(), count);
                memory.segments.add(count, cached, row.cache.table());
                row.computing = count;
                left -= count;
                promptComputed += Math.clamp(row.answerStart() - cached, 0, count);
            }
        }
        schedule.promisesKept();
    }

    /** Finds the rows whose last token has been computed, and those that wait with the same tokens. */
    private void collectChoosers() {
        chooser.clear();
        twins.clear();
        int computed = schedule.active().size();
        for (int i = 0; i < computed; i++) {
            CachedRow row = schedule.active().get(i);
            row.cache.computed(row.computing);
            if (row.cache.positions() == row.length()) {
                int last = memory.segments.firstRow(i) + row.computing - 1;
                chooser.add(row, last);
                schedule.admitTwins(row, twins);
                twins.forEach(twin -> chooser.add(twin, last));
                twins.clear();
            }
        }
    }

    /** Gives the cache back to the memory. */
    @Override
    public void close() {
        if (!closed) {
            List.copyOf(schedule.openRows()).forEach(schedule::close);
            closed = true;
            memory.giveBack();
        }
    }
}
