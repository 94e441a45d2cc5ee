// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.util.Set;
import java.util.function.Function;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.experience.Experience;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Output;

/** The policy in training: forward, objective, backward and optimiser behind one call. */
public interface Learner extends Scorer {
    /**
     * How far the log-probability that a token was sampled with may be from the one that a forward pass gives on the same weights: 0 where both have
     * the same bits.
     */
    default double tolerance() {
        return 0;
    }

    /**
     * One optimiser step on one optimiser batch, cut into micro-batches as the coupling allows.
     *
     * @return metrics of the update: those of the objective, {@code loss}, {@code loss/<part>}, {@code grad_norm},
     *     {@code learning_rate}
     */
    Metrics update(Experience batch, Request request, Function<LossScope, Objective> objective);

    /** The policy as it is now. */
    PolicySnapshot snapshot();

    /**
     * What an update needs from the model.
     *
     * @param outputs outputs that the objective reads
     * @param coupling how the batch may be cut
     * @param temperature logits are divided by it, so that log-probabilities are those that were sampled from
     * @param onPolicy assert that the log-probabilities equal {@code old_logp} bit for bit: true for the first update
     *     after collecting
     * @param dropout whether the model may drop what its settings say: for imitation; log-probabilities of a policy
     *     that was sampled from would no longer be its own
     */
    record Request(Set<Output> outputs, Coupling coupling, double temperature, boolean onPolicy, boolean dropout) {
        public Request {
            outputs = Set.copyOf(outputs);
        }

        /** Nothing is dropped. */
        public Request(Set<Output> outputs, Coupling coupling, double temperature, boolean onPolicy) {
            this(outputs, coupling, temperature, onPolicy, false);
        }
    }
}
