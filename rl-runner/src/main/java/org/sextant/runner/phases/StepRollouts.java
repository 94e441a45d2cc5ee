// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.ArrayList;
import java.util.List;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.phase.PhaseContext;
import org.sextant.api.state.StateMap;
import org.sextant.api.state.Stateful;
import org.sextant.runner.rollout.RolloutMetrics;
import org.sextant.runner.rollout.StepNumber;

/**
 * Collects the answers of a step. With dynamic sampling (DAPO, arXiv 2503.14476, section 3.2) groups whose rewards are all equal are dropped, since they teach
 * nothing, and other questions take their place, up to a number of rounds; a step may then have fewer groups than were asked for. Which
 * question comes next is state: it depends on how many were dropped.
 */
final class StepRollouts implements Stateful {
    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "reward_shaped", "mean reward after the rules of block answers", "1", Reduction.MEAN, Domain.ROW),
            new MetricDefinition(
                    "dynamic_sampling/rounds", "rounds of collecting", "rounds", Reduction.MEAN, Domain.SCALAR),
            new MetricDefinition(
                    "dynamic_sampling/dropped_groups",
                    "groups without a signal that were dropped",
                    "groups",
                    Reduction.MEAN,
                    Domain.SCALAR));

    private final RlSettings settings;
    private final RolloutPlan plan;
    private final PhaseContext context;
    private final TaskCursor cursor;
    private long asked;

    StepRollouts(RlSettings settings, RolloutPlan plan, PhaseContext context) {
        this.settings = settings;
        this.plan = plan;
        this.context = context;
        this.cursor = new TaskCursor(context.task(), context.streams(), context.number());
    }

    /**
     * One round.
     *
     * @param items questions
     * @param raw their answers, with the rewards of the task
     * @param rewarded the same, with the rewards that are learned from
     */
    private record Round(List<Item> items, Experience raw, Experience rewarded) {}

    /**
     * What a step has collected.
     *
     * @param first the first question
     * @param all every answer that was sampled, with the rewards of the task
     * @param kept those to learn from, with the rewards to learn from
     */
    record Collected(Item first, Experience all, Experience kept) {}

    /** @param metrics receives what is worth logging about all answers, dropped ones too */
    Collected collect(PolicySnapshot policy, int step, Metrics metrics) {
        List<Round> rounds = new ArrayList<>();
        List<Experience> kept = new ArrayList<>();
        int groups = 0;
        int dropped = 0;
        do {
            Round round = round(policy, step, rounds.size(), settings.promptsPerStep() - groups);
            Experience signal = settings.samplingRounds() > 1 ? withSignal(round.rewarded) : round.rewarded;
            int with = groups(signal);
            dropped += round.items.size() - with;
            groups += with;
            rounds.add(round);
            kept.add(signal);
        } while (groups < settings.promptsPerStep() && rounds.size() < settings.samplingRounds());
        Experience all = Joined.rounds(rounds.stream().map(Round::raw).toList());
        metrics.addAll(RolloutMetrics.of(all));
        if (settings.answers().active()) {
            rounds.forEach(r ->
                    metrics.mean("reward_shaped", r.rewarded.get(Standard.REWARD), r.rewarded.get(Standard.VALID)));
        }
        if (settings.samplingRounds() > 1) {
            metrics.value("dynamic_sampling/rounds", rounds.size());
            metrics.value("dynamic_sampling/dropped_groups", dropped);
        }
        return new Collected(rounds.getFirst().items.getFirst(), all, Joined.rounds(kept));
    }

    private Round round(PolicySnapshot policy, int step, int number, int prompts) {
        List<Item> items = cursor.items(asked, prompts);
        asked += prompts;
        long stepNumber = new StepNumber(context.number(), step, number).number();
        Experience raw = context.collector().collect(policy, items, plan, context.streams(), stepNumber);
        return new Round(items, raw, settings.answers().apply(raw));
    }

    private static int groups(Experience batch) {
        return (int)
                java.util.Arrays.stream(batch.get(Standard.GROUP)).distinct().count();
    }

    /** Groups whose valid rewards differ. */
    private static Experience withSignal(Experience batch) {
        double[] rewards = batch.get(Standard.REWARD);
        boolean[] keep = new boolean[batch.rows()];
        int[] group = batch.get(Standard.GROUP);
        for (int[] members : Groups.of(batch).members()) {
            boolean[] in = new boolean[rewards.length];
            for (int row : members) {
                in[row] = true;
            }
            if (!Masked.constant(rewards, in)) {
                for (int row = 0; row < keep.length; row++) {
                    keep[row] |= group[row] == group[members[0]];
                }
            }
        }
        return batch.select(Rows.where(keep.length, row -> keep[row]));
    }

    @Override
    public void save(StateMap out) {
        out.put("asked", asked);
    }

    @Override
    public void load(StateMap in) {
        asked = in.getLong("asked");
    }
}
