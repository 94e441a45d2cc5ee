// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.util.Optional;
import java.util.Set;
import org.sextant.api.output.Head;

/**
 * A role's view of weights: which weights, through which adapter, with which heads. Roles with equal parts share them:
 * the reference of an adapter run is the start's adapter on the policy's weights.
 *
 * @param role what the model is here
 * @param weights identity of the base weights: SHA-256 of their contents
 * @param adapter identity of the adapter, if any
 * @param heads heads besides the vocabulary
 */
public record ModelView(Role role, String weights, Optional<String> adapter, Set<Head> heads) {
    public ModelView {
        heads = Set.copyOf(heads);
    }

    /** Whether both compute the same function of tokens to logits. */
    public boolean samePolicy(ModelView other) {
        return weights.equals(other.weights) && adapter.equals(other.adapter);
    }
}
