// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * A critic in training: block {@code critic { … }} of a phase.
 *
 * @param from where it comes from
 * @param trunk whose layers it reads its values off
 * @param pretrainSteps first steps of the phase in which it alone is trained; 0 with the policy's trunk
 * @param optimiser what moves it, if it has a trunk of its own; its micro-batches are the policy's
 */
public record CriticSettings(ModelSource from, Trunk trunk, int pretrainSteps, OptimiserSettings optimiser) {
    /** Whose layers a critic reads its values off. */
    public enum Trunk {
        /** Its own: a second model with an optimiser of its own. */
        OWN,
        /** The policy's: a head beside the vocabulary's, trained in the same optimiser step. */
        POLICY
    }

    /**
     * Reads the block; every key must be there.
     *
     * @param microBatchTokens of the policy, with which it goes through a batch
     */
    public static CriticSettings read(ConfigReader own, int microBatchTokens) {
        CriticSettings read = new CriticSettings(
                ModelSource.read(own),
                own.oneOf("trunk", Trunk.class),
                own.integer("pretrain-steps", Range.atLeast(0)),
                OptimiserSettings.read(own.object("optimiser"), microBatchTokens));
        if (read.trunk == Trunk.POLICY && !(read.from instanceof ModelSource.Start)) {
            own.problem(
                    "from",
                    "is '" + own.string("from") + "', and with trunk = policy the critic is a head of the policy's own"
                            + " model: leave from = start, or choose trunk = own");
        }
        if (read.trunk == Trunk.POLICY && read.pretrainSteps > 0) {
            own.problem(
                    "pretrain-steps",
                    "is " + read.pretrainSteps + ", and with trunk = policy no step trains the critic alone, because"
                            + " it would move the policy's layers: set it to 0, or choose trunk = own");
        }
        return read;
    }
}
