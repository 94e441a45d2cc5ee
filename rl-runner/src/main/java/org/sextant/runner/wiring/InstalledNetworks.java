// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import jakarta.inject.Provider;
import java.util.Collection;
import java.util.Optional;
import org.sextant.models.network.NetworkProvider;
import org.sextant.models.network.Networks;

/** The providers of networks that were found. */
record InstalledNetworks(Catalog<NetworkProvider> catalog) implements Networks {
    @Override
    public Optional<NetworkProvider> named(String provider) {
        return Optional.ofNullable(catalog.byName().get(provider)).map(Provider::get);
    }

    @Override
    public Collection<String> names() {
        return catalog.byName().keySet();
    }
}
