// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.Optional;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.ppo.Ppo;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.algorithms.value.ValueLoss;
import org.sextant.algorithms.value.ValueLoss.Over;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * One micro-batch of TRL's PPO, from logits and values to the loss and its gradients. Its answers have one state more with a value than tokens (see {@link TrlPpoCreditReplay}), so
 * the policy's part is over the shorter mask and the critic's over the longer.
 */
final class TrlPpoStepReplay implements Replay {
    /** What the source adds to the temperature. */
    private static final double EXTRA = 1e-7;

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values padding = given.values("padding_mask", 2);
        Layout layout = Padded.layout(padding);
        boolean[] tokens = not(padding.flags());
        boolean[] valued = not(given.values("padding_mask_p1", 2).flags());
        int[] responses = given.values("responses", 2).ints();
        double temperature = given.hyper("temperature") + EXTRA;
        Precision precision = engine.precision();
        try (Logits rows = new Logits(engine.kernels(), LogProbEntropyReplay.byToken(given.values("logits", 3)))) {
            Logits.Statistics said = rows.statistics(responses, temperature);
            double[] logp = filled(said.logProb(), tokens, given.hyper("invalid_logprob"));
            double[] values = given.values("vpred", 2).flat();
            check.value("new_logprobs", logp, null, precision);
            check.value("entropy_per_token", said.entropy(), null, precision);

            Ppo ppo = ppo(given);
            Objectives.Outcome actor = Objectives.evaluate(ppo, batch(given, layout, tokens), logp, values);
            Objectives.Outcome critic = Objectives.evaluate(ppo, batch(given, layout, valued), logp, values);
            double loss = actor.part("policy") + given.hyper("vf_coef") * critic.part("value");
            check.value("policy_loss", new double[] {actor.part("policy")}, null, precision);
            check.value("value_loss", critic.part("value"));
            check.value("loss", new double[] {loss}, null, precision);
            check.gradient("grad_vpred", critic.valueGradient(layout), valued);
            double[] upstream = actor.logProbGradient();
            check.gradient("grad_logits", rows.gradient(responses, temperature, upstream, null), null, precision);
            actor.checkLogged(check, "policy_clipfrac", "clip_ratio/region_mean");
            critic.checkLogged(check, "value_clipfrac", ValueLoss.CLIP_FRACTION.name());
            check.value("approx_kl", new double[] {approxKl(given, logp)}, null, precision);
        }
    }

    private static Ppo ppo(Case given) {
        double clip = given.hyper("cliprange");
        return new Ppo(OnPolicyConfig.of(1, ValueLossReplay.CREDIT, Surrogate.clip(Level.TOKEN, clip, clip))
                .with(new ValueLoss(
                        given.hyper("vf_coef"), Optional.of(given.hyper("cliprange_value")), Over.TOKEN_MEAN)));
    }

    private static Experience batch(Case given, Layout layout, boolean[] mask) {
        return Padded.batch(layout, mask)
                .with(Standard.OLD_LOGP, given.values("old_logprobs", 2).flat())
                .with(Standard.ADVANTAGES, given.values("advantages", 2).flat())
                .with(
                        Standard.VALUES,
                        Padded.states(given.values("old_values", 2).flat(), layout))
                .with(Standard.RETURNS, given.values("returns", 2).flat());
    }

    /** The source's mean of k2 is over padding as well, where nothing differs. */
    private static double approxKl(Case given, double[] logp) {
        double[] k2 = Kl.of(1, Kl.Placement.LOSS, Kl.Estimator.K2)
                .estimate(logp, given.values("old_logprobs", 2).flat());
        return Arrays.stream(k2).average().orElseThrow();
    }

    private static boolean[] not(boolean[] mask) {
        boolean[] not = new boolean[mask.length];
        for (int i = 0; i < not.length; i++) {
            not[i] = !mask[i];
        }
        return not;
    }

    private static double[] filled(double[] numbers, boolean[] mask, double elsewhere) {
        double[] filled = numbers.clone();
        for (int i = 0; i < filled.length; i++) {
            filled[i] = mask[i] ? numbers[i] : elsewhere;
        }
        return filled;
    }
}
