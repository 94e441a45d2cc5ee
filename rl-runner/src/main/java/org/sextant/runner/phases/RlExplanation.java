// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.CriticSettings;
import org.sextant.api.model.ModelSource;
import org.sextant.api.model.ReferenceSettings;
import org.sextant.api.model.Role;
import org.sextant.api.rollout.Sampling;

/** What phase {@code rl} computes in each step and what that costs, in answers that a model samples, scores or learns from. */
final class RlExplanation {
    /** Columns for which the policy goes through the answers once more before it learns from them. */
    private static final Set<Column<?>> OF_POLICY = Set.of(Standard.SUM_PI_SQUARED, Standard.FULL_KL);

    private final RlSettings settings;
    private final Needs needs;
    private final RolloutPlan plan;
    private final long answers;

    private RlExplanation(RlSettings settings, Algorithm algorithm) {
        this.settings = settings;
        this.needs = algorithm.needs();
        this.plan = needs.rollout().orElseThrow();
        this.answers = (long) settings.promptsPerStep() * plan.samplesPerPrompt();
    }

    static Explanation of(RlSettings settings, Algorithm algorithm, Sampling sampling, int maxNewTokens) {
        int updates = settings.epochs() * settings.miniBatches();
        RlExplanation step = new RlExplanation(settings, algorithm);
        Explanation said = new Explanation();
        if (settings.answers().active()) {
            said.line(
                    "task reward",
                    "the reward of the run, " + settings.answers().describe());
        }
        said.then(algorithm.explain(new Circumstances(updates, sampling, maxNewTokens)));
        said.line("models", step.models()).line("sampled", step.sampled(maxNewTokens));
        String scored = step.scored();
        if (!scored.isEmpty()) {
            said.line("scored", scored);
        }
        said.line("updates", step.updates(updates));
        return said.then(RlCautions.of(settings, algorithm.needs(), updates, maxNewTokens));
    }

    private String models() {
        List<String> models = new ArrayList<>(List.of("policy (trained)"));
        if (needs.roles().contains(Role.CRITIC)) {
            models.add(needs.trains(Role.CRITIC) ? critic(settings.critic()) : "critic (frozen)");
        }
        if (needs.roles().contains(Role.REFERENCE)) {
            models.add(reference(settings.reference()));
        }
        needs.roles().stream()
                .filter(role -> role != Role.CRITIC && role != Role.REFERENCE)
                .sorted()
                .forEach(role -> models.add(role.key() + " (frozen)"));
        return String.join(", ", models);
    }

    private static String critic(CriticSettings critic) {
        if (critic.trunk() == CriticSettings.Trunk.POLICY) {
            return "critic (trained, a head on the policy's layers)";
        }
        String first = critic.pretrainSteps() == 0 ? "" : ", alone in the first " + critic.pretrainSteps() + " steps";
        return "critic (trained" + first + ", from " + source(critic.from()) + ")";
    }

    private static String reference(ReferenceSettings reference) {
        String moves = reference.moves()
                ? "moves to the policy every " + reference.updateEvery() + " steps, rate "
                        + Explanation.number(reference.updateRate())
                : "frozen";
        return "reference (" + moves + ", from " + source(reference.from()) + ")";
    }

    private static String source(ModelSource from) {
        return switch (from) {
            case ModelSource.Start _ -> "start";
            case ModelSource.Fresh _ -> "fresh weights";
            case ModelSource.Saved saved -> saved.path().toString();
        };
    }

    private String sampled(int maxNewTokens) {
        String text = grouped(settings.promptsPerStep()) + " questions × " + plan.samplesPerPrompt() + " = "
                + grouped(answers) + " answers a step";
        if (plan.greedyBaseline()) {
            text += ", and " + grouped(settings.promptsPerStep()) + " greedy ones";
        }
        if (settings.samplingRounds() > 1) {
            text += ", up to " + settings.samplingRounds() + " times to replace groups without a signal";
        }
        return text
                + plan.branching()
                        .map(b -> ", and up to " + grouped(answers * b.samples() * (1 + (maxNewTokens - 1) / b.every()))
                                + " continuations")
                        .orElse("");
    }

    private String scored() {
        List<String> models = new ArrayList<>();
        if (needs.columns().stream().anyMatch(OF_POLICY::contains)) {
            models.add("policy");
        }
        needs.roles().stream().sorted().forEach(role -> models.add(role.key()));
        return models.isEmpty() ? "" : "one forward pass of the answers by " + String.join(", by ", models);
    }

    private String updates(int updates) {
        boolean critic = needs.trains(Role.CRITIC) && settings.critic().trunk() == CriticSettings.Trunk.OWN;
        String each = settings.epochs() == 1
                ? "once forward and backward through the answers"
                : settings.epochs() + " times forward and backward through the answers";
        return updates
                + (updates == 1 ? " optimiser step: " : " optimiser steps: ")
                + each
                + (critic ? ", by the policy and by the critic" : "");
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
