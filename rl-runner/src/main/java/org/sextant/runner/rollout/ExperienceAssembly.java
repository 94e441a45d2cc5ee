// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.reward.Outcome;

/** Flattens finished trajectories into columns. Greedy answers become a column of their group's rows, never rows. */
final class ExperienceAssembly {
    private ExperienceAssembly() {}

    static Experience assemble(List<Trajectory> all, RolloutPlan plan, long policyVersion) {
        List<Trajectory> rows = all.stream().filter(t -> !t.greedy).toList();
        Layout layout =
                Layout.ofLengths(rows.stream().mapToInt(Trajectory::length).toArray());
        Columns columns = tokenColumns(rows, layout);
        columns = rowColumns(rows, columns, policyVersion);
        columns = components(rows, columns);
        if (plan.greedyBaseline()) {
            columns = greedyColumns(all, rows, columns);
        }
        return Experience.of(layout, columns);
    }

    private static Columns tokenColumns(List<Trajectory> rows, Layout layout) {
        int n = layout.tokens();
        int[] tokens = new int[n];
        boolean[] mask = new boolean[n];
        int[] turns = new int[n];
        double[] sampling = new double[n];
        double[] old = new double[n];
        double[] earned = new double[n];
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).copyTo(layout.start(i), tokens, mask, turns, sampling, old, earned);
        }
        return Columns.of(Standard.TOKENS, tokens)
                .with(Standard.RESPONSE_MASK, mask)
                .with(Standard.TURN, turns)
                .with(Standard.SAMPLING_LOGP, sampling)
                .with(Standard.OLD_LOGP, old)
                .with(Standard.TOKEN_REWARDS, earned);
    }

    private static Columns rowColumns(List<Trajectory> rows, Columns columns, long policyVersion) {
        int n = rows.size();
        double[] reward = rows.stream().mapToDouble(Trajectory::reward).toArray();
        boolean[] valid = new boolean[n];
        long[] version = new long[n];
        Arrays.fill(version, policyVersion);
        for (int i = 0; i < n; i++) {
            valid[i] = !Double.isNaN(reward[i]);
        }
        return columns.with(Standard.REWARD, reward)
                .with(Standard.VALID, valid)
                .with(Standard.POLICY_VERSION, version)
                .with(Standard.GROUP, rows.stream().mapToInt(t -> t.group).toArray())
                .with(Standard.FINISH, rows.stream().map(Trajectory::finish).toArray(Finish[]::new))
                .with(Standard.ITEM, rows.stream().map(t -> t.item.id()).toArray(String[]::new))
                .with(
                        Standard.DIFFICULTY,
                        rows.stream().map(t -> t.item.difficulty()).toArray(String[]::new))
                .with(RewardColumns.FAILED, failed(rows));
    }

    private static boolean[] failed(List<Trajectory> rows) {
        boolean[] failed = new boolean[rows.size()];
        for (int i = 0; i < failed.length; i++) {
            failed[i] = rows.get(i).outcome() instanceof Outcome.Failed;
        }
        return failed;
    }

    private static Columns components(List<Trajectory> rows, Columns columns) {
        SortedSet<String> names = new TreeSet<>();
        for (Trajectory t : rows) {
            if (t.outcome() instanceof Outcome.Scored scored) {
                names.addAll(scored.components().keySet());
            }
        }
        Columns all = columns;
        for (String name : names) {
            Column<double[]> column = Column.doubles(RewardColumns.COMPONENT_PREFIX + name, Domain.ROW);
            all = all.with(
                    column,
                    rows.stream()
                            .mapToDouble(t -> t.outcome() instanceof Outcome.Scored scored
                                    ? scored.components().getOrDefault(name, Double.NaN)
                                    : Double.NaN)
                            .toArray());
        }
        return all;
    }

    private static Columns greedyColumns(List<Trajectory> all, List<Trajectory> rows, Columns columns) {
        Map<Integer, Trajectory> greedy =
                all.stream().filter(t -> t.greedy).collect(Collectors.toMap(t -> t.group, t -> t));
        List<Trajectory> beside = rows.stream().map(t -> greedy.get(t.group)).toList();
        return columns.with(
                        Standard.GREEDY_REWARD,
                        beside.stream().mapToDouble(Trajectory::reward).toArray())
                .with(
                        Standard.GREEDY_FINISH,
                        beside.stream().map(Trajectory::finish).toArray(Finish[]::new))
                .with(
                        Standard.GREEDY_LENGTH,
                        beside.stream().mapToInt(Trajectory::answerLength).toArray());
    }
}
