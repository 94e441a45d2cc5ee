// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.network;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.sextant.api.model.Role;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.kernels.Kernels;

/** The providers of networks that a program has. */
public interface Networks {
    /** No providers at all. */
    Networks NONE = new Networks() {
        @Override
        public Optional<NetworkProvider> named(String provider) {
            return Optional.empty();
        }

        @Override
        public Collection<String> names() {
            return List.of();
        }
    };

    /** The provider of a name. */
    Optional<NetworkProvider> named(String provider);

    /** All names. */
    Collection<String> names();

    /**
     * Opens a saved network in a role.
     *
     * @throws ModelFileException if there is no such provider, files do not fit, or the role's output is missing
     */
    default NetworkModel open(Path directory, Role role, Kernels kernels) {
        NetworkFile saved = NetworkFile.read(directory);
        NetworkProvider provider = named(saved.provider())
                .orElseThrow(() -> new ModelFileException("the network in " + directory + " was made by the provider '"
                        + saved.provider() + "', and this program has " + names()
                        + "; name the jar that it is in with --plugins, or the key plugins"));
        return new NetworkModel(role, provider.open(directory, saved, kernels), provider.name(), saved.settings());
    }
}
