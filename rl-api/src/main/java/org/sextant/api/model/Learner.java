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

/**
 * The policy in training, and a critic if there is one: forward, objective, backward and optimisers behind one call. Each output is computed by the model
 * that has it; who asks cannot tell whether a critic is a model of its own.
 */
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
     *     {@code learning_rate}, and {@code critic/grad_norm}, {@code critic/learning_rate} of a critic with an optimiser of its own
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
     * @param resting roles whose weights and optimiser stay as they are: their outputs are computed, and nothing goes backward
     */
    record Request(
            Set<Output> outputs,
            Coupling coupling,
            double temperature,
            boolean onPolicy,
            boolean dropout,
            Set<Role> resting) {
        public Request {
            outputs = Set.copyOf(outputs);
            resting = Set.copyOf(resting);
        }

        /** Everything is trained. */
        public Request(Set<Output> outputs, Coupling coupling, double temperature, boolean onPolicy, boolean dropout) {
            this(outputs, coupling, temperature, onPolicy, dropout, Set.of());
        }

        /** Nothing is dropped. */
        public Request(Set<Output> outputs, Coupling coupling, double temperature, boolean onPolicy) {
            this(outputs, coupling, temperature, onPolicy, false);
        }
    }
}
