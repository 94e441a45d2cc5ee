// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import org.sextant.api.model.Role;
import org.sextant.api.output.Output;
import org.sextant.models.SequenceModel;
import org.sextant.models.optimiser.Optimiser;

/**
 * A model in training.
 *
 * @param optimiser that moves it, owned by whoever holds this
 */
public record TrainedModel(SequenceModel model, Optimiser optimiser) {
    /** Whether an output is what a model of this role is there for. */
    boolean isFor(Output output) {
        return role().head().filter(output::equals).isPresent();
    }

    Role role() {
        return model.role();
    }

    /** Metrics of the policy have bare names, those of others their role before. */
    String metric(String name) {
        return role() == Role.POLICY ? name : role().key() + "/" + name;
    }

    /** Name in a checkpoint of what its optimiser remembers. */
    String optimiserFile() {
        return (role() == Role.POLICY ? "" : role().key() + "-") + "optimiser.safetensors";
    }
}
