// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.List;
import java.util.Map;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.experience.Experience;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Entropy;

/** verl's mean entropy of predictions, from logits. */
final class EntropyLossReplay implements Replay {
    /** The bonus is subtracted from a loss; this is the entropy itself. */
    private static final EntropyBonus PLUS = new EntropyBonus(-1, EntropyBonus.Over.SAME);

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values mask = given.values("response_mask", 2);
        Experience batch = Padded.batch(Padded.layout(mask), mask.flags());
        int[] targets = new int[mask.flat().length];
        try (Logits rows = new Logits(engine.kernels(), LogProbEntropyReplay.byToken(given.values("logits", 3)))) {
            double[] entropy = rows.statistics(targets, 1).entropy();
            LossScope scope = new LossScope(batch, batch, Map.of(new Entropy(), entropy));
            Metrics metrics = new Metrics();
            List<Part> parts = PLUS.parts(
                    scope,
                    Mask.response(),
                    Mask.response(),
                    VerlPolicyReplay.aggregation(given.hyperText("loss_agg_mode"), mask)
                            .reduce(),
                    metrics);
            Evaluation found = Evaluation.of(scope, new Objective(parts, metrics));
            check.value("loss", new double[] {found.loss()}, null, engine.precision());
            double[] upstream = found.gradients().get(new Entropy());
            check.gradient("grad_logits", rows.gradient(targets, 1, null, upstream), null, engine.precision());
        }
    }
}
