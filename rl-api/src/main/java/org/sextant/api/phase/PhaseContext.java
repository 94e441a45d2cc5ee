// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.phase;

import java.util.function.Supplier;
import org.sextant.api.environment.Task;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.api.model.Scorer;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Collector;

/** What the runner gives a phase: models by role, the task, collecting, evaluating, random streams and the ledger. */
public interface PhaseContext {
    /** Position in the list of phases, from 0. */
    int number();

    Tokenizer tokenizer();

    Task task();

    /**
     * The policy, to be trained with these settings over this many optimiser steps. The same object for the same phase. If the phase's needs have a
     * critic in training ({@link org.sextant.api.algorithm.Needs#trains}), it is trained by the same updates, as {@link Phase#roles} says.
     */
    Learner learner(OptimiserSettings settings, int optimiserSteps);

    /**
     * A model of a role that {@link Phase#needs} names, from where {@link Phase#roles} says, with the {@link Role#head() head} of the role, which begins at
     * zero unless it was saved there. It is frozen, but for a reference that moves and a critic in training: those are as they are now.
     *
     * @throws IllegalArgumentException if the needs do not name the role, or it is one that a phase cannot have
     */
    Scorer scorer(Role role);

    Collector collector();

    /** Temperature of training samples. */
    double temperature();

    /**
     * Evaluates the policy as it is now and writes the answers; {@code moment} is {@code before}, {@code after} or
     * {@code step-N}.
     */
    Metrics evaluate(String moment, int step);

    Streams streams();

    Ledger ledger();

    void publish(LoopEvent event);

    /** Runs work and charges its seconds to an activity of the ledger. */
    default <T> T timed(String activity, Supplier<T> work) {
        return ledger().timed(activity, work);
    }
}
