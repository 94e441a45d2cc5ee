// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.List;
import java.util.Map;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.environment.EnvironmentProvider;
import org.sextant.api.environment.TaskProvider;
import org.sextant.api.phase.PhaseProvider;
import org.sextant.api.reward.RewardProvider;
import org.sextant.models.network.NetworkProvider;
import org.sextant.models.network.Networks;

/** Everything that a configuration can choose from. */
public record Catalogs(
        Catalog<AlgorithmProvider> algorithms,
        Catalog<RewardProvider> rewards,
        Catalog<TaskProvider> tasks,
        Catalog<EnvironmentProvider> environments,
        Catalog<PhaseProvider> phases,
        Catalog<NetworkProvider> networks) {
    @Inject
    Catalogs(
            Map<String, Provider<AlgorithmProvider>> algorithms,
            Map<String, Provider<RewardProvider>> rewards,
            Map<String, Provider<TaskProvider>> tasks,
            Map<String, Provider<EnvironmentProvider>> environments,
            Map<String, Provider<PhaseProvider>> phases,
            Map<String, Provider<NetworkProvider>> networks) {
        this(
                new Catalog<>("algorithm", algorithms),
                new Catalog<>("reward", rewards),
                new Catalog<>("task", tasks),
                new Catalog<>("environment", environments),
                new Catalog<>("phase", phases),
                new Catalog<>("network", networks));
    }

    /** What opens saved networks. */
    public Networks installedNetworks() {
        return new InstalledNetworks(networks);
    }

    /** In the order of the axes of a run. */
    public List<Catalog<?>> all() {
        return List.of(phases, algorithms, tasks, rewards, environments, networks);
    }
}
