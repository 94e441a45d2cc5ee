// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.grpo;

import static org.sextant.algorithms.Numbers.assertNear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.algorithms.Golden;
import org.sextant.algorithms.Trial;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;

/** Losses, gradients and metrics of TRL and verl, from our algorithm with the settings that docs/algorithms/grpo.md names for them. */
class GoldenGrpoTest {
    static Stream<Golden> trl() {
        return Golden.cases("losses_rl_trl.json", "trl_grpo_loss");
    }

    @ParameterizedTest
    @MethodSource
    void trl(Golden golden) {
        double[] logp = golden.numbers("per_token_logps");
        boolean[] mask = golden.mask("completion_mask");
        if (golden.has("tool_mask")) {
            boolean[] tool = golden.mask("tool_mask");
            for (int t = 0; t < mask.length; t++) {
                mask[t] &= tool[t];
            }
        }
        Layout layout = golden.layout("completion_mask");
        double[] rows = golden.numbers("advantages");
        Columns columns = Columns.of(Standard.RESPONSE_MASK, mask)
                .with(
                        Standard.OLD_LOGP,
                        golden.has("old_per_token_logps") ? golden.numbers("old_per_token_logps") : logp)
                .with(Advantages.BY_ROW, rows)
                .with(Standard.ADVANTAGES, Advantages.toTokens(rows, layout, mask));
        if (golden.has("ref_per_token_logps")) {
            columns = columns.with(Standard.REF_LOGP, golden.numbers("ref_per_token_logps"));
        }
        Experience slice = Experience.of(layout, columns);
        double[] entropy = golden.has("entropies") ? golden.numbers("entropies") : new double[logp.length];
        Trial trial = Trial.of(trlAlgorithm(golden), slice, whole(golden, slice), logp, entropy);

        double steps = accumulation(golden);
        assertNear("loss", trial.loss() / steps, golden.number("loss"), 1e-9);
        double[] gradient = Arrays.stream(trial.gradient()).map(g -> g / steps).toArray();
        assertNear("gradient", gradient, golden.numbers("grad_per_token_logps"), 1e-9);
        if (golden.has("grad_entropies")) {
            assertNear("entropy gradient", trial.entropyGradient(), golden.numbers("grad_entropies"), 1e-9);
        }
        for (String name : List.of("kl", "low_mean", "low_min", "high_mean", "high_max", "region_mean")) {
            String metric = name.equals("kl") ? name : "clip_ratio/" + name;
            if (golden.hasMetric(metric)) {
                assertNear(metric, trial.metric(metric), golden.metric(metric), 1e-6);
            }
        }
    }

    private static double accumulation(Golden golden) {
        return switch (golden.hyper("loss_type").asText()) {
            case "dapo" -> 1;
            default -> golden.hyper("gradient_accumulation_steps").asDouble();
        };
    }

    /** TRL is told how many tokens the optimiser batch has: rows elsewhere in it make up the number. */
    private static Experience whole(Golden golden, Experience slice) {
        int here = Masked.count(slice.get(Standard.RESPONSE_MASK));
        int wanted = golden.hyper("num_items_in_batch").asInt(here);
        if (wanted == here) {
            return slice;
        }
        boolean[] elsewhere = new boolean[wanted - here];
        Arrays.fill(elsewhere, true);
        Experience bare =
                Experience.of(slice.layout(), Columns.of(Standard.RESPONSE_MASK, slice.get(Standard.RESPONSE_MASK)));
        Experience other =
                Experience.of(Layout.ofLengths(wanted - here), Columns.of(Standard.RESPONSE_MASK, elsewhere));
        return Experience.concat(List.of(bare, other));
    }

    private static Algorithm trlAlgorithm(Golden golden) {
        List<String> settings = new ArrayList<>();
        settings.add("kl.coefficient = " + golden.hyper("beta").asDouble());
        settings.add(
                "kl.ratio-weighted = " + golden.hyper("use_bias_correction_kl").asBoolean(false));
        settings.add("surrogate.clip-low = " + golden.hyper("epsilon_low").asDouble());
        settings.add("surrogate.clip-high = " + golden.hyper("epsilon_high").asDouble());
        if (golden.hyper("delta").isNumber()) {
            settings.add("surrogate.delta = " + golden.hyper("delta").asDouble());
        }
        if (golden.hyper("importance_sampling_level").asText().equals("sequence")) {
            settings.add("surrogate.level = sequence-mean");
        }
        settings.add("entropy-bonus { coefficient = "
                + golden.hyper("entropy_coef").asDouble(0) + ", aggregation = token-mean }");
        settings.add(
                switch (golden.hyper("loss_type").asText()) {
                    case "grpo" -> "aggregation.kind = sequence-mean-token-mean";
                    case "bnpo", "dapo" -> "aggregation.kind = token-mean";
                    case "luspo" -> "aggregation.kind = sequence-mean-token-sum";
                    case "dr_grpo" ->
                        "aggregation { kind = sequence-mean-token-sum-norm, normaliser = "
                                + golden.hyper("max_completion_length").asDouble() + " }";
                    default -> throw new IllegalArgumentException(golden.toString());
                });
        return Trial.algorithm(new GrpoProvider(), settings.toArray(String[]::new));
    }

    static Stream<Golden> verl() {
        return Golden.cases("losses_rl.json", "verl_policy_vanilla");
    }

    @ParameterizedTest
    @MethodSource
    void verl(Golden golden) {
        Layout layout = golden.layout("response_mask");
        boolean[] mask = golden.mask("response_mask");
        Experience batch = Experience.of(
                layout,
                Columns.of(Standard.RESPONSE_MASK, mask)
                        .with(Standard.OLD_LOGP, golden.numbers("old_log_prob"))
                        .with(Standard.ADVANTAGES, golden.numbers("advantages")));
        // At this commit verl's seq-mean-token-sum-norm has no mean over the sequences yet.
        String mode = golden.hyper("loss_agg_mode")
                .asText()
                .replace("seq-mean-token-sum-norm", "token-sum-norm")
                .replace("seq-", "sequence-");
        Algorithm algorithm = Trial.algorithm(
                new GrpoProvider(),
                "kl.coefficient = 0",
                "surrogate.clip-low = " + golden.hyper("clip_ratio_low").asDouble(),
                "surrogate.clip-high = " + golden.hyper("clip_ratio_high").asDouble(),
                "surrogate.dual-clip = " + golden.hyper("clip_ratio_c").asDouble(),
                "surrogate.log-ratio-clamp = 20",
                "aggregation { kind = " + mode + ", count-empty-rows = false, length-epsilon = 1e-8 }",
                mode.endsWith("norm") ? "aggregation.normaliser = " + layout.length(0) : "");
        Trial trial = Trial.of(algorithm, batch, golden.numbers("log_prob"));

        assertNear("loss", trial.loss(), golden.number("loss"), 1e-9);
        assertNear("gradient", trial.gradient(), golden.numbers("grad_log_prob"), 1e-9);
        // verl adds 1e-8 to the number of tokens here.
        assertNear("ppo_kl", trial.metric("ppo_kl"), golden.metric("ppo_kl"), 1e-7);
        assertNear("clipped", trial.metric("clip_ratio/region_mean"), golden.metric("pg_clipfrac"), 1e-7);
        assertNear("dual clipped", trial.metric("clip_ratio/dual_mean"), golden.metric("pg_clipfrac_lower"), 1e-7);
    }
}
