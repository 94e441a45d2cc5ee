// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sextant.api.phase.Phase;
import org.sextant.models.ModelShape;
import org.sextant.models.kernels.Kernels;
import org.sextant.runner.config.RunConfig;
import org.sextant.runner.loop.StartingModel;
import org.sextant.runner.wiring.ChosenKernels;
import org.sextant.runner.wiring.Experiment;

/**
 * What a run would do, known without loading a model.
 *
 * @param name of the run
 * @param seed of the run
 * @param kernels what would compute
 * @param model the policy's shape
 * @param fresh whether the policy starts with fresh weights
 * @param phases what each needs
 * @param memory that its models take
 * @param identity hash of the settings that decide what is computed
 */
record DryRun(
        String name,
        long seed,
        String kernels,
        ModelShape model,
        boolean fresh,
        List<String> phases,
        MemoryEstimate memory,
        String identity) {
    static DryRun of(ExperimentOptions.Setup setup, StartingModel start) {
        RunConfig config = setup.experiment().config();
        try (Kernels kernels = ChosenKernels.open(config.kernels(), config.device(), config.threads())) {
            return of(setup.experiment(), start, kernels);
        }
    }

    private static DryRun of(Experiment experiment, StartingModel start, Kernels kernels) {
        RunConfig config = experiment.config();
        TrainingSession.requireFiles(experiment, start);
        ModelShape shape = start.shape();
        List<String> phases = new ArrayList<>();
        for (int i = 0; i < experiment.phases().size(); i++) {
            Phase phase = experiment.phases().get(i);
            String from = experiment.starts().containsKey(i)
                    ? ", from " + experiment.starts().get(i)
                    : "";
            phases.add(phase.kind() + ", " + phase.steps() + " steps" + from + ": "
                    + phase.needs().describe());
        }
        return new DryRun(
                config.name(),
                config.seed(),
                kernels.describe(),
                shape,
                config.model().path().isEmpty(),
                phases,
                MemoryEstimate.of(experiment, start, kernels),
                experiment.resolved().identity());
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(name)
                .append(", seed ")
                .append(seed)
                .append(", kernels ")
                .append(kernels)
                .append('\n');
        text.append(String.format(
                Locale.ROOT,
                "policy: %s, %s, context %d, %d token ids, %,d parameters%n",
                fresh ? "fresh" : "saved",
                model.describe(),
                model.context(),
                model.vocabulary(),
                model.parameterCount()));
        for (int i = 0; i < phases.size(); i++) {
            text.append("phase ")
                    .append(i + 1)
                    .append(": ")
                    .append(phases.get(i))
                    .append('\n');
        }
        text.append(memory.text());
        return text.append("identity ").append(identity).append('\n').toString();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("seed", seed);
        json.put("kernels", kernels);
        json.put("parameters", model.parameterCount());
        json.put("phases", phases);
        json.put("bytes", memory.byRole());
        json.put("bytes_together", memory.total());
        json.put("bytes_of_machine", memory.available());
        json.put("identity", identity);
        return json;
    }
}
