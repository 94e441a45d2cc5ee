// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Learner;
import org.sextant.api.model.ReferenceSettings;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.output.KlToReference;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.output.SumPiSquared;
import org.sextant.api.phase.PhaseContext;
import org.sextant.runner.learning.OnPolicyCheck;
import org.sextant.runner.rollout.EnvironmentCollector;

/**
 * Columns that models fill once answers are collected, each where the algorithm asks for it.
 *
 * @param learner the policy, which has not moved since it sampled
 * @param wanted columns that the algorithm needs
 */
record ModelColumns(PhaseContext context, Learner learner, ReferenceSettings reference, Set<Column<?>> wanted) {
    private static final Output LOGP = new LogProb();
    private static final Output SUM_PI_SQUARED = new SumPiSquared();
    private static final Output FULL_KL = new KlToReference();

    /** Models besides the policy that phase {@code rl} offers, and the columns that each fills. */
    private static final Map<Role, Set<Column<?>>> FILLED = Map.of(
            Role.REFERENCE, Set.of(Standard.REF_LOGP, Standard.REF_DISTRIBUTION, Standard.FULL_KL),
            Role.CRITIC, Set.of(Standard.VALUES),
            Role.REWARD, Set.of(Standard.SCORE));

    /** Roles that the phase offers. */
    static final Set<Role> ROLES = FILLED.keySet();

    /** Columns that an algorithm with these needs finds: what is collected, and what models of these roles say. */
    static Set<Column<?>> of(Needs needs) {
        Set<Column<?>> columns =
                new HashSet<>(EnvironmentCollector.columns(needs.rollout().orElseThrow()));
        columns.add(Standard.SUM_PI_SQUARED);
        FILLED.forEach((role, filled) -> {
            if (needs.roles().contains(role)) {
                columns.addAll(filled);
            }
        });
        return columns;
    }

    /** The batch with all of them; what a critic says is timed by itself. */
    Experience fill(Experience batch, int step) {
        Experience scored = context.timed("score", () -> score(batch, step));
        return wanted.contains(Standard.VALUES)
                ? scored.with(Standard.VALUES, context.timed("values", () -> score(Role.CRITIC, Head.VALUE, batch)))
                : scored;
    }

    private Experience score(Experience batch, int step) {
        Experience filled = batch;
        if (wanted.contains(Standard.REF_LOGP)) {
            filled = filled.with(Standard.REF_LOGP, refLogp(batch, step));
        }
        if (wanted.contains(Standard.REF_DISTRIBUTION)) {
            filled = filled.with(Standard.REF_DISTRIBUTION, refDistribution(batch));
        }
        if (wanted.contains(Standard.FULL_KL)) {
            filled = filled.with(Standard.FULL_KL, ofPolicy(FULL_KL, filled));
        }
        if (wanted.contains(Standard.SUM_PI_SQUARED)) {
            filled = filled.with(Standard.SUM_PI_SQUARED, ofPolicy(SUM_PI_SQUARED, batch));
        }
        if (wanted.contains(Standard.SCORE)) {
            filled = filled.with(Standard.SCORE, atLastStates(score(Role.REWARD, Head.SCORE, batch), batch.layout()));
        }
        return filled;
    }

    private double[] ofPolicy(Output output, Experience batch) {
        return learner.score(batch, Set.of(output), context.temperature()).get(output);
    }

    private double[] refLogp(Experience batch, int step) {
        double[] refLogp = score(Role.REFERENCE, LOGP, batch);
        if (step == 0 && context.scorer(Role.REFERENCE).view().samePolicy(learner.view())) {
            OnPolicyCheck.require(batch, batch.get(Standard.OLD_LOGP), refLogp, learner.tolerance(), "the reference");
        }
        return refLogp;
    }

    private float[][] refDistribution(Experience batch) {
        return Distributions.of(
                context.scorer(Role.REFERENCE), batch, context.temperature(), reference.distributionBytes());
    }

    private double[] score(Role role, Output output, Experience batch) {
        return context.scorer(role)
                .score(batch, Set.of(output), context.temperature())
                .get(output);
    }

    static double[] atLastStates(double[] states, Layout layout) {
        double[] last = new double[layout.rows()];
        for (int row = 0; row < last.length; row++) {
            last[row] = states[layout.stateStart(row) + layout.length(row)];
        }
        return last;
    }
}
