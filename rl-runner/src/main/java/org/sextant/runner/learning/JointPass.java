// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sextant.api.experience.Masked;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.output.Output;
import org.sextant.models.ForwardPass;

/**
 * A slice that went forward through all models in training.
 *
 * @param values outputs of all of them
 * @param passes of those that can go backward
 */
record JointPass(Map<Output, double[]> values, Map<TrainedModel, ForwardPass> passes, int tokens, Ledger ledger) {
    /** Gives each model the gradients of its own outputs; one whose gradients are all zero does not go backward. */
    void backward(Map<Output, double[]> gradients) {
        passes.forEach((trained, pass) -> {
            Map<Output, double[]> own = new LinkedHashMap<>(gradients);
            own.keySet().retainAll(pass.outputs());
            if (own.values().stream().anyMatch(g -> Masked.max(g, null) != 0 || Masked.min(g, null) != 0)) {
                pass.backward(own);
                ledger.add("backward/" + trained.role().key(), tokens);
            }
        });
    }
}
