// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import static org.sextant.api.algorithm.Explanation.number;

import java.util.ArrayList;
import java.util.List;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.surrogate.OffPolicyCorrection;
import org.sextant.algorithms.surrogate.PolicyFilter;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.SurrogateFormula;
import org.sextant.algorithms.value.ValueLoss;
import org.sextant.api.algorithm.Explanation;

/** The objective of an on-policy algorithm as formulas, with its settings in their places. */
final class Formulas {
    private Formulas() {}

    /** What comes before the loss: rewards, penalty, credit. */
    static Explanation credit(OnPolicyConfig config) {
        Explanation said = new Explanation();
        reward(said, config);
        boolean penalised = config.kl().active() && config.kl().kl().placement() != Kl.Placement.LOSS;
        boolean first = config.kl().kl().placement() == Kl.Placement.REWARD;
        if (penalised) {
            said.line(
                    "KL in reward",
                    "r_t ← r_t − β " + estimator(config.kl().kl()) + " of the policy that sampled, "
                            + (first ? "before the baseline; R is their sum" : "after the baseline"));
            said.line("β", config.kl().coefficient().describe());
        }
        return said.then(config.credit().explain(penalised, first));
    }

    private static void reward(Explanation said, OnPolicyConfig config) {
        said.line(
                "reward",
                "R = " + config.rewards().describe()
                        + config.rewardClip()
                                .map(c -> ", limited to ±" + number(c))
                                .orElse(""));
    }

    /** The parts of the loss, and their sum. */
    static Explanation loss(OnPolicyConfig config, boolean critic, boolean reuses) {
        Explanation said = new Explanation();
        List<String> parts = new ArrayList<>(List.of("policy"));
        policy(said, config, reuses);
        Kl kl = config.kl().kl();
        boolean inLoss = kl.placement() == Kl.Placement.LOSS;
        if (config.kl().active() && (inLoss || kl.estimator() == Kl.Estimator.FULL)) {
            said.line(
                    "KL",
                    estimator(kl) + gradient(kl) + (inLoss ? "" : ", with its gradient beside that in the reward"));
            parts.add("β KL");
        }
        if (config.kl().active() && inLoss) {
            said.line("β", config.kl().coefficient().describe());
        }
        if (critic) {
            said.line("value", value(config.value()));
            parts.add(times(config.value().coefficient()) + "value");
        }
        EntropyBonus entropy = config.entropyBonus();
        String loss = String.join(" + ", parts)
                + (entropy.coefficient() == 0 ? "" : " − " + times(entropy.coefficient()) + "entropy");
        if (config.lossMask().truncatedAnswers() == LossMask.Treatment.MASK) {
            said.line("masked", "answers that were cut off are in no loss and no denominator");
        }
        said.line("aggregation", config.aggregation().formula());
        return said.line("loss", loss);
    }

    private static void policy(Explanation said, OnPolicyConfig config, boolean reuses) {
        Surrogate surrogate = config.surrogate();
        said.line("policy", SurrogateFormula.loss(surrogate));
        SurrogateFormula.ratio(surrogate)
                .ifPresent(ratio ->
                        said.line("ratio", ratio + (reuses ? "" : "; always 1, since a round has one update")));
        OffPolicyCorrection correction = config.correction();
        if (correction.kind() != OffPolicyCorrection.Kind.OFF) {
            said.line("correction", SurrogateFormula.correction(correction));
        }
        PolicyFilter filter = config.filter();
        filter.offPolicyLimit()
                .ifPresent(limit -> said.line(
                        "left out",
                        "tokens with A < 0 of answers whose mean log(π_sampled/π) is above " + number(limit)));
        if (filter.topEntropyShare() < 1) {
            said.line(
                    "left in",
                    "the " + number(100 * filter.topEntropyShare()) + " % of tokens with the highest entropy");
        }
    }

    private static String times(double factor) {
        return factor == 1 ? "" : number(factor) + " ";
    }

    private static String estimator(Kl kl) {
        String text = switch (kl.estimator()) {
            case K1 -> "log(π/π_ref)";
            case ABS -> "|log(π/π_ref)|";
            case K2 -> "½ log²(π/π_ref)";
            case FULL -> "Σ_v π(v) log(π(v)/π_ref(v))";
            case K3 -> "(π_ref/π − log(π_ref/π) − 1)";
        };
        return text + " (" + kl.estimator().name().toLowerCase(java.util.Locale.ROOT) + ")";
    }

    private static String gradient(Kl kl) {
        return (kl.straightThrough() ? " with the gradient of k2" : "") + (kl.ratioWeighted() ? ", times ρ" : "");
    }

    private static String value(ValueLoss value) {
        String loss = value.clip()
                .map(c -> "½ max((V − R)², (clip(V, V_old ± " + number(c) + ") − R)²)")
                .orElse("½ (V − R)²");
        return loss + (value.aggregation() == ValueLoss.Over.TOKEN_MEAN ? ", mean over tokens" : "");
    }
}
