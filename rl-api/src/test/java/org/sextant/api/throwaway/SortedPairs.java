// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.RowRole;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/**
 * Distributional preference on pairs (AOT, Melnyk et al. 2024, arXiv 2406.05882): the margins chosen − rejected of
 * policy and of reference are each sorted over the whole batch, and {@code −log σ(β·(policy₍ᵢ₎ − reference₍ᵢ₎))} is
 * averaged. It proves that a loss may look at the whole optimiser batch: the sort is a gather with a permutation. Data
 * are stored pairs, or the best and the worst of each group of samples.
 */
public final class SortedPairs implements Algorithm {
    private static final LogProb LOGP = new LogProb();

    private final double beta;
    private final DataKind data;

    /** @param data {@link DataKind#PREFERENCE_PAIRS} or {@link DataKind#ROLLOUTS} */
    public SortedPairs(double beta, DataKind data) {
        this.beta = beta;
        this.data = data;
    }

    @Override
    public Needs needs() {
        Needs needs = data == DataKind.ROLLOUTS
                ? Needs.rollouts(new RolloutPlan(4, false), Set.of(LOGP))
                : Needs.offline(data, Set.of(LOGP));
        return needs.with(Role.REFERENCE, Standard.REF_LOGP).with(Coupling.BATCH);
    }

    /** Best and worst row of each group whose rewards differ, in turn. */
    @Override
    public Rows curate(Experience raw) {
        if (data != DataKind.ROLLOUTS) {
            return Rows.all(raw.rows());
        }
        double[] reward = raw.get(Standard.REWARD);
        List<Integer> pairs = new ArrayList<>();
        for (int[] members : Groups.of(raw).members()) {
            Comparator<Integer> byReward = Comparator.comparingDouble(row -> reward[row]);
            int best = Arrays.stream(members).boxed().max(byReward).orElseThrow();
            int worst = Arrays.stream(members).boxed().min(byReward).orElseThrow();
            if (reward[best] > reward[worst]) {
                pairs.addAll(List.of(best, worst));
            }
        }
        return Rows.of(pairs.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public Columns credit(Experience experience, Metrics metrics) {
        if (data != DataKind.ROLLOUTS) {
            return Columns.none();
        }
        RowRole[] roles = new RowRole[experience.rows()];
        double[] reward = experience.get(Standard.REWARD);
        for (int[] pair : Groups.of(experience).members()) {
            boolean firstWins = reward[pair[0]] > reward[pair[1]];
            roles[pair[0]] = firstWins ? RowRole.CHOSEN : RowRole.REJECTED;
            roles[pair[1]] = firstWins ? RowRole.REJECTED : RowRole.CHOSEN;
        }
        return Columns.of(Standard.ROLE, roles);
    }

    @Override
    public Objective objective(LossScope batch) {
        boolean[] response = batch.rows().get(Standard.RESPONSE_MASK);
        Term policy = margins(batch.output(LOGP).rowSum(response), batch.rows());
        Term reference = margins(batch.column(Standard.REF_LOGP).rowSum(response), batch.rows());
        Term loss =
                sorted(policy).minus(sorted(reference)).times(beta).logSigmoid().negate();
        return new Objective(List.of(new Part("policy", loss, null, Reduce.rowMean(), 1)), new Metrics());
    }

    /** ROW to one number a pair: chosen minus rejected. */
    private static Term margins(Term logp, Experience rows) {
        RowRole[] roles = rows.get(Standard.ROLE);
        List<int[]> pairs = Groups.of(rows).members();
        int[] chosen = pairs.stream()
                .mapToInt(pair -> roles[pair[0]] == RowRole.CHOSEN ? pair[0] : pair[1])
                .toArray();
        int[] rejected = pairs.stream()
                .mapToInt(pair -> roles[pair[0]] == RowRole.CHOSEN ? pair[1] : pair[0])
                .toArray();
        return logp.gather(chosen, Domain.VECTOR).minus(logp.gather(rejected, Domain.VECTOR));
    }

    private static Term sorted(Term vector) {
        int[] order = IntStream.range(0, vector.values().length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> vector.values()[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        return vector.gather(order, Domain.VECTOR);
    }
}
