// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Optional;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GaeCredit;
import org.sextant.algorithms.credit.Holes;
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
 * A critic's loss, as PPO has it; its policy stands still and has nothing to gain.
 *
 * @param values field of the critic's values, and of their gradient after {@code grad_}
 * @param old field of its values before the update
 * @param mask field of the tokens that count
 * @param clip name of the limit
 */
record ValueLossReplay(String values, String old, String mask, String clip) implements Replay {
    /** The credit is given: it is here for the critic that it needs. */
    static final Credit CREDIT = Credit.of(GaeCredit.of(1, 0.95, Holes.CARRY, false));

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values tokens = given.values(mask, 2);
        Layout layout = Padded.layout(tokens);
        double[] still = new double[layout.tokens()];
        Experience batch = Padded.batch(layout, tokens.flags())
                .with(Standard.OLD_LOGP, still)
                .with(Standard.ADVANTAGES, still)
                .with(Standard.VALUES, Padded.states(given.values(old, 2).flat(), layout))
                .with(Standard.RETURNS, given.values("returns", 2).flat());
        Optional<Double> limit = given.hasHyper(clip) ? Optional.of(given.hyper(clip)) : Optional.empty();
        Aggregation aggregation = given.hasHyper("loss_agg_mode")
                ? VerlPolicyReplay.aggregation(given.hyperText("loss_agg_mode"), tokens)
                : OpenRlhfPolicyReplay.aggregation(given);
        Ppo ppo = new Ppo(OnPolicyConfig.of(1, CREDIT, Surrogate.clip(Level.TOKEN, 0.2, 0.2))
                .with(new ValueLoss(1, limit, Over.SAME))
                .with(aggregation));
        Objectives.Outcome found =
                Objectives.evaluate(ppo, batch, still, given.values(values, 2).flat());
        check.value("loss", found.part("value"));
        check.gradient("grad_" + values, found.valueGradient(layout), tokens.flags());
        found.checkLogged(check, "clipfrac", ValueLoss.CLIP_FRACTION.name());
    }
}
