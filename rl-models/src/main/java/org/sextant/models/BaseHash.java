// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;

/** Identity of the weights that models can share. Frozen ones, as sharing makes them, are hashed once for all models that share them. */
final class BaseHash {
    private String frozen;

    /** @param model one of those that have the weights */
    String of(Transformer model) {
        if (frozen != null) {
            return frozen;
        }
        String hash = ContentHash.of(model.base(), model.kernels());
        if (model.base().stream().noneMatch(Parameter::trains)) {
            frozen = hash;
        }
        return hash;
    }
}
