// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import org.sextant.api.model.Role;
import org.sextant.api.random.Stream;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.network.NetworkModel;
import org.sextant.models.network.NetworkRecipe;
import org.sextant.models.text.ModelTokenizer;

/**
 * A network that a configuration chose.
 *
 * @param provider its name
 * @param recipe what it makes of the settings
 */
public record ChosenNetwork(String provider, NetworkRecipe recipe) {
    /** A policy with fresh weights. The caller closes it. */
    public NetworkModel fresh(ModelTokenizer tokenizer, Kernels kernels, Stream stream) {
        return new NetworkModel(Role.POLICY, recipe.fresh(tokenizer, kernels, stream), provider, recipe.settings());
    }
}
