// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.network;

import java.nio.file.Path;
import org.sextant.api.config.Provider;
import org.sextant.models.Capabilities;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.kernels.Kernels;

/**
 * A kind of network that can be a policy, chosen by {@code model.network { name = … }}. What it makes is saved under its name in {@code
 * network.json}, and opened again by it.
 */
public interface NetworkProvider extends Provider<NetworkRecipe> {
    /** What all networks of this kind can do at least; settings that ask for more are errors. */
    Capabilities capabilities();

    /**
     * Opens a network that was saved.
     *
     * @throws org.sextant.models.files.ModelFileException if files are missing, damaged, or do not fit
     */
    Network open(Path directory, NetworkFile saved, Kernels kernels);
}
