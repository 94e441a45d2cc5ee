// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Collector;
import org.sextant.runner.config.EvaluationConfig;

/**
 * Answers the first questions of the evaluation split, sampled and greedy, and counts the right ones. An answer is right if its reward is at least
 * 1. The random streams depend on question and sample alone, so equal weights give equal answers at any step.
 */
public final class Evaluator {
    /** Metrics of every evaluation. */
    public static final List<MetricDefinition> DEFINITIONS = List.of(
            share("eval/accuracy_sampled", "share of right sampled answers"),
            share("eval/accuracy_greedy", "share of right greedy answers"),
            share("eval/accuracy_sampled/<difficulty>", "the same for questions of one difficulty"),
            share("eval/accuracy_greedy/<difficulty>", "the same for questions of one difficulty"),
            share("eval/clipped_ratio_sampled", "share of sampled answers cut off by a limit"),
            share("eval/clipped_ratio_greedy", "share of greedy answers cut off by a limit"),
            new MetricDefinition(
                    "eval/mean_length_sampled", "mean answer length", "tokens", Reduction.MEAN, Domain.ROW),
            new MetricDefinition("eval/mean_length_greedy", "mean answer length", "tokens", Reduction.MEAN, Domain.ROW),
            new MetricDefinition("eval/questions", "questions asked", "questions", Reduction.MEAN, Domain.SCALAR));

    private static final int CHUNK = 256;

    private final EvaluationConfig settings;
    private final Task task;
    private final Tokenizer tokenizer;
    private final Streams streams;
    private final Collector sampled;
    private final Collector greedy;

    /**
     * @param sampled collector at the evaluation's temperature
     * @param greedy collector that takes the most probable token
     */
    public Evaluator(
            EvaluationConfig settings,
            Task task,
            Tokenizer tokenizer,
            Streams streams,
            Collector sampled,
            Collector greedy) {
        this.settings = settings;
        this.task = task;
        this.tokenizer = tokenizer;
        this.streams = streams;
        this.sampled = sampled;
        this.greedy = greedy;
    }

    private static MetricDefinition share(String name, String definition) {
        return new MetricDefinition(name, definition, "share", Reduction.MEAN, Domain.ROW);
    }

    /** Questions that an evaluation asks: those of the settings, or fewer if the task has fewer. */
    public int questions() {
        return (int) Math.min(settings.questions(), task.size(Split.EVALUATION));
    }

    /** @param sink receives every answer, in a fixed order */
    public Metrics evaluate(PolicySnapshot policy, int phase, String moment, int step, Consumer<AnswerRecord> sink) {
        Metrics metrics = new Metrics();
        int questions = questions();
        metrics.value("eval/questions", questions);
        for (int from = 0; from < questions; from += CHUNK) {
            List<Item> items = IntStream.range(from, Math.min(from + CHUNK, questions))
                    .mapToObj(i -> task.item(Split.EVALUATION, i))
                    .toList();
            Label label = new Label(phase, moment, step);
            if (settings.samples() > 0) {
                RolloutPlan plan = new RolloutPlan(settings.samples(), false);
                Experience answers = sampled.collect(policy, items, plan, streams, from);
                count(items, answers, "sampled", metrics);
                write(items, answers, label, true, sink);
            }
            if (settings.greedy()) {
                Experience answers = greedy.collect(policy, items, new RolloutPlan(1, false), streams, from);
                count(items, answers, "greedy", metrics);
                write(items, answers, label, false, sink);
            }
        }
        return metrics;
    }

    private record Label(int phase, String moment, int step) {}

    private static void count(List<Item> items, Experience answers, String kind, Metrics metrics) {
        double[] reward = answers.get(Standard.REWARD);
        int[] group = answers.get(Standard.GROUP);
        Finish[] finish = answers.get(Standard.FINISH);
        Layout layout = answers.layout();
        boolean[] mask = answers.get(Standard.RESPONSE_MASK);
        for (int row = 0; row < layout.rows(); row++) {
            double right = reward[row] >= 1 ? 1 : 0;
            metrics.value("eval/accuracy_" + kind, right);
            metrics.value("eval/accuracy_" + kind + "/" + items.get(group[row]).difficulty(), right);
            metrics.value("eval/clipped_ratio_" + kind, finish[row].truncated() ? 1 : 0);
            metrics.value("eval/mean_length_" + kind, answer(layout, mask, row).length);
        }
    }

    private void write(
            List<Item> items, Experience answers, Label label, boolean isSampled, Consumer<AnswerRecord> sink) {
        int[] group = answers.get(Standard.GROUP);
        int[] tokens = answers.get(Standard.TOKENS);
        boolean[] mask = answers.get(Standard.RESPONSE_MASK);
        double[] reward = answers.get(Standard.REWARD);
        Finish[] finish = answers.get(Standard.FINISH);
        int sample = 0;
        for (int row = 0; row < answers.rows(); row++) {
            sample = row > 0 && group[row] == group[row - 1] ? sample + 1 : 0;
            Item item = items.get(group[row]);
            int[] ids = IntStream.of(answer(answers.layout(), mask, row))
                    .map(t -> tokens[t])
                    .toArray();
            sink.accept(new AnswerRecord(
                    label.phase(),
                    label.moment(),
                    label.step(),
                    item.id(),
                    item.difficulty(),
                    item.prompt(),
                    item.reference(),
                    isSampled ? sample : -1,
                    tokenizer.decode(ids),
                    Double.isNaN(reward[row]) ? null : reward[row],
                    finish[row].name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /** Positions of the answer's tokens. */
    private static int[] answer(Layout layout, boolean[] mask, int row) {
        List<Integer> positions = new ArrayList<>();
        for (int t = layout.start(row); t < layout.end(row); t++) {
            if (mask[t]) {
                positions.add(t);
            }
        }
        return positions.stream().mapToInt(Integer::intValue).toArray();
    }
}
