// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Map;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Masked;
import org.sextant.api.metrics.Metrics;

/** verl's aggregation of token losses, where the denominators may have been counted over more than this batch. */
final class AggregationReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values mask = given.values("loss_mask", 2);
        boolean[] flags = mask.flags();
        Experience batch = Padded.batch(Padded.layout(mask), flags);
        LossScope scope = new LossScope(batch, batch, Map.of());
        String mode = given.hyperText("loss_agg_mode");
        Reduce reduce = VerlPolicyReplay.aggregation(mode, mask).reduce();
        Part part = new Part(
                "loss",
                scope.tape().constant(Domain.TOKEN, given.values("loss_mat", 2).flat()),
                Mask.response(),
                reduce,
                share(given, mode, mask, flags));
        check.value(
                "loss",
                Evaluation.of(scope, new Objective(java.util.List.of(part), new Metrics()))
                        .loss());
    }

    /** This batch's denominator over the one that is given. */
    private static double share(Case given, String mode, Values mask, boolean[] flags) {
        // Each kind divides by one of these.
        given.without("hyper.dp_size", "hyper.batch_num_tokens", "hyper.global_batch_size", "hyper.loss_scale_factor");
        if (mode.equals("seq-mean-token-sum-norm")) {
            return given.hasHyper("loss_scale_factor") ? mask.dimension(1) / given.hyper("loss_scale_factor") : 1;
        }
        double processes = given.hyper("dp_size", 1);
        if (mode.equals("token-mean")) {
            double tokens = Masked.count(flags);
            return processes * tokens / given.hyper("batch_num_tokens", tokens);
        }
        double rows = Masked.count(LossMask.rowsWithAny(flags, Padded.layout(mask)));
        return processes * rows / given.hyper("global_batch_size", rows);
    }
}
