// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Environment.Episode;
import org.sextant.api.environment.Environment.Reply;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.reward.Outcome;
import org.sextant.api.rollout.Collector;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;

/**
 * Lets the policy talk to an environment in one process, single-turn or multi-turn. All rows share one decoder; the rows of a group fork their
 * prompt. Tokens in, tokens out: what was sampled is never tokenised again, observations are tokenised once.
 */
public final class EnvironmentCollector implements Collector {
    private final Environment environment;
    private final Tokenizer tokenizer;
    private final Sampling sampling;
    private final Stop stop;
    private final Ledger ledger;
    private final Purpose purpose;

    /** What the answers are for: training and evaluation have streams and accounts of their own, so that neither disturbs the other. */
    public enum Purpose {
        TRAINING("sample", ""),
        EVALUATION("evaluate", "_evaluation");

        private final String stream;
        private final String account;

        Purpose(String stream, String account) {
            this.stream = stream;
            this.account = account;
        }
    }

    public EnvironmentCollector(
            Environment environment,
            Tokenizer tokenizer,
            Sampling sampling,
            Stop stop,
            Ledger ledger,
            Purpose purpose) {
        this.environment = environment;
        this.tokenizer = tokenizer;
        this.sampling = sampling;
        this.stop = stop;
        this.ledger = ledger;
        this.purpose = purpose;
    }

    /** Columns of every batch that is collected for this plan; components of the reward come on top of them. */
    public static Set<Column<?>> columns(RolloutPlan plan) {
        Columns columns = ExperienceAssembly.assemble(List.of(), plan, 0).columns();
        return (plan.branching().isPresent() ? columns.with(Standard.BRANCH_VALUES, new double[0]) : columns).keys();
    }

    @Override
    public Experience collect(PolicySnapshot policy, List<Item> items, RolloutPlan plan, Streams streams, long step) {
        List<Trajectory> all = new ArrayList<>();
        try (Decoder decoder = policy.decoder()) {
            Map<Decoder.Row, Trajectory> open = new HashMap<>();
            for (int i = 0; i < items.size(); i++) {
                openGroup(decoder, items.get(i), i, plan, streams, step, open, all);
            }
            while (!open.isEmpty()) {
                takeTurn(decoder, open);
            }
            Experience batch = ExperienceAssembly.assemble(all, plan, policy.version());
            return plan.branching()
                    .map(branching -> new Branches(branching, sampling, stop, streams, step, ledger, this::judgedAlone))
                    .map(branches -> batch.with(
                            Standard.BRANCH_VALUES,
                            branches.values(
                                    decoder, all.stream().filter(t -> !t.greedy).toList(), batch.layout())))
                    .orElse(batch);
        }
    }

    /** The reward of a continued answer, from an episode of its own. */
    private double judgedAlone(Trajectory trajectory, Branches.Completed whole) {
        Episode episode = environment.start(trajectory.item);
        episode.prompt();
        Finish finish = whole.completion().finish();
        Reply reply = ledger.timed("reward", () -> episode.reply(tokenizer.decode(whole.tokens()), finish));
        if (!(reply instanceof Reply.End end)) {
            throw new IllegalArgumentException("question '" + trajectory.item.id()
                    + "' is a conversation, and what the world has said cannot be repeated from its middle: Monte-Carlo"
                    + " values need a task of one turn; choose another credit.kind");
        }
        return end.outcome() instanceof Outcome.Scored scored ? scored.value() : Double.NaN;
    }

    private void openGroup(
            Decoder decoder,
            Item item,
            int group,
            RolloutPlan plan,
            Streams streams,
            long step,
            Map<Decoder.Row, Trajectory> open,
            List<Trajectory> all) {
        int rows = plan.samplesPerPrompt() + (plan.greedyBaseline() ? 1 : 0);
        Decoder.Row first = null;
        String firstPrompt = null;
        for (int sample = 0; sample < rows; sample++) {
            boolean greedy = sample == plan.samplesPerPrompt();
            Episode episode = environment.start(item);
            String prompt = episode.prompt();
            int[] ids = tokenizer.encodePrompt(prompt);
            Sampling how = greedy ? sampling.asGreedy() : sampling;
            var stream = streams.open(new StreamKey(purpose.stream, step, group, sample));
            boolean same = prompt.equals(firstPrompt);
            Decoder.Row row = same ? decoder.fork(first, how, stream) : open(decoder, item, ids, how, stream);
            if (first == null) {
                first = row;
                firstPrompt = prompt;
                ledger.add("tokens/prompt" + purpose.account, ids.length);
            } else if (!same) {
                ledger.add("tokens/prompt" + purpose.account, ids.length);
            }
            Trajectory trajectory = new Trajectory(item, episode, group, greedy, ids);
            open.put(row, trajectory);
            all.add(trajectory);
        }
    }

    private static Decoder.Row open(Decoder decoder, Item item, int[] prompt, Sampling how, Stream stream) {
        try {
            return decoder.open(prompt, how, stream);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("question '" + item.id() + "': " + e.getMessage(), e);
        }
    }

    /** Every open row speaks once; rows that the environment ends are closed as soon as they finish. */
    private void takeTurn(Decoder decoder, Map<Decoder.Row, Trajectory> open) {
        Map<Decoder.Row, int[]> observations = new HashMap<>();
        List<Completion> done = decoder.run(stop, completion -> {
            Trajectory trajectory = open.get(completion.row());
            trajectory.answer(completion);
            ledger.add("tokens/generated" + purpose.account, completion.tokens().length);
            Reply reply = judged(trajectory, completion);
            switch (reply) {
                case Reply.End end -> {
                    trajectory.end(end.outcome(), completion.finish(), completion.tokens(), tokenizer);
                    decoder.close(completion.row());
                }
                case Reply.Observe observe -> {
                    trajectory.earn(observe.reward());
                    observations.put(completion.row(), tokenizer.encode(observe.observation()));
                }
            }
        });
        for (Completion completion : done) {
            Decoder.Row row = completion.row();
            int[] observation = observations.get(row);
            if (observation == null) {
                open.remove(row);
            } else {
                goOn(decoder, row, observation, open);
            }
        }
    }

    private Reply judged(Trajectory trajectory, Completion completion) {
        return ledger.timed(
                "reward" + purpose.account,
                () -> trajectory.episode.reply(tokenizer.decode(completion.tokens()), completion.finish()));
    }

    private static void goOn(Decoder decoder, Decoder.Row row, int[] observation, Map<Decoder.Row, Trajectory> open) {
        Trajectory trajectory = open.get(row);
        if (trajectory.finish() != Finish.CONTEXT && decoder.fits(row, observation.length)) {
            trajectory.observe(observation);
            decoder.append(row, observation);
            return;
        }
        Outcome outcome = trajectory.episode.reply("", Finish.CONTEXT) instanceof Reply.End end
                ? end.outcome()
                : new Outcome.Abstain("the context was full before the episode ended");
        trajectory.end(outcome, Finish.CONTEXT);
        decoder.close(row);
        open.remove(row);
    }
}
