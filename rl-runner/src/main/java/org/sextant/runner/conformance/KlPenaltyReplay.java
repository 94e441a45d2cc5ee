// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Map;
import java.util.Optional;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;
import org.sextant.api.experience.Domain;
import org.sextant.api.tape.Tape;
import org.sextant.api.tape.Term;

/** verl's estimates of the KL divergence at a token; a name that ends in "+" has the gradient of k2. */
final class KlPenaltyReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values logprob = given.values("logprob", 2);
        Tape tape = new Tape(Padded.layout(logprob));
        Term logp = tape.variable(Domain.TOKEN, logprob.flat());
        Term refLogp =
                tape.constant(Domain.TOKEN, given.values("ref_logprob", 2).flat());
        Term kl = kl(given.hyperText("kl_penalty")).estimate(logp, refLogp);
        check.value("kl", kl.values());
        tape.gradients(Map.of(kl, given.values("weights", 2).flat()));
        check.gradient("grad_logprob_of_weighted_sum", logp.gradient(), null);
    }

    private static Kl kl(String name) {
        boolean straightThrough = name.endsWith("+");
        String plain = straightThrough ? name.substring(0, name.length() - 1) : name;
        Estimator estimator = switch (plain) {
            case "kl", "k1" -> Estimator.K1;
            case "abs" -> Estimator.ABS;
            case "mse", "k2" -> Estimator.K2;
            case "low_var_kl", "k3" -> Estimator.K3;
            default -> throw new NotOffered("kl_penalty " + name);
        };
        return new Kl(1, Placement.LOSS, estimator, straightThrough, Optional.of(20.0), Optional.of(10.0), false);
    }
}
