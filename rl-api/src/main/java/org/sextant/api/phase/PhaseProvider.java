// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.phase;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Provider;

/** Makes a {@link Phase} from its block in {@code phases = [ { kind = …, … } ]}. */
public interface PhaseProvider extends Provider<Phase> {
    /** Reads the block; {@code assembly} builds the parts that it names. */
    Phase create(ConfigReader own, Assembly assembly);

    @Override
    default Phase create(ConfigReader own) {
        throw new IllegalStateException("phase '" + name() + "' needs an assembly");
    }
}
