// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Task;
import org.sextant.api.phase.Phase;
import org.sextant.api.reward.RewardFunction;
import org.sextant.models.network.Networks;
import org.sextant.runner.config.ResolvedConfig;
import org.sextant.runner.config.RunConfig;

/**
 * A configuration that was read without a problem, and the parts that it names. No model is loaded and no data is opened.
 *
 * @param config the runner's own settings
 * @param task where questions come from
 * @param reward what scores answers
 * @param environment how episodes go
 * @param phases in order, at least one
 * @param starts saved models that phases start from, by their position, instead of what the phase before left
 * @param network the policy, if it is a fresh network that is not our transformer
 * @param networks what opens saved networks
 * @param resolved everything that was read
 */
public record Experiment(
        RunConfig config,
        Task task,
        RewardFunction reward,
        Environment environment,
        List<Phase> phases,
        Map<Integer, Path> starts,
        Optional<ChosenNetwork> network,
        Networks networks,
        ResolvedConfig resolved) {
    public Experiment {
        phases = List.copyOf(phases);
        starts = Map.copyOf(starts);
    }

    /**
     * Whether a saved model is measured as it is: no phase reads outputs to train it by, or needs another model. There is then nothing to save.
     */
    public boolean measuresOnly() {
        return config.model().path().isPresent()
                && phases.stream()
                        .map(Phase::needs)
                        .allMatch(needs ->
                                needs.outputs().isEmpty() && needs.roles().isEmpty());
    }
}
