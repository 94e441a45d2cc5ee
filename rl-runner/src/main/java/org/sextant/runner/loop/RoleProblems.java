// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sextant.api.config.ConfigException;
import org.sextant.api.config.Problem;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.ModelSource;
import org.sextant.api.model.ReferenceSettings;
import org.sextant.api.model.Role;
import org.sextant.api.phase.Phase;
import org.sextant.models.ModelOptions;
import org.sextant.models.ModelShape;
import org.sextant.models.TransformerShape;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.network.NetworkModel;
import org.sextant.models.text.Tokenizers;
import org.sextant.runner.config.ModelDirectory;
import org.sextant.runner.wiring.Experiment;

/** Checks, without loading weights, that the models besides the policy which one phase needs are there and fit. */
final class RoleProblems {
    private final Experiment experiment;
    private final StartingModel run;
    private final int number;
    private final Phase phase;
    private final ModelShape start;
    private final ModelOptions options;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param start shape of what the phase starts from
     * @param options what of it is trained
     */
    RoleProblems(Experiment experiment, StartingModel run, int number, ModelShape start, ModelOptions options) {
        this.experiment = experiment;
        this.run = run;
        this.number = number;
        this.phase = experiment.phases().get(number);
        this.start = start;
        this.options = options;
    }

    /** @throws ConfigException with all problems */
    void require() {
        for (Role role : phase.needs().roles()) {
            switch (PhaseModels.source(role, phase.roles())) {
                case ModelSource.Start() -> requireHead(role, start);
                case ModelSource.Fresh() -> requireTransformer(role);
                case ModelSource.Saved(Path path) -> {
                    if (run.interrupted(role, number).isEmpty()) {
                        saved(role, path);
                    }
                }
            }
        }
        if (phase.needs().roles().contains(Role.REFERENCE)) {
            moving(phase.roles().reference());
            distributions(phase.roles().reference());
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private void problem(Role role, String key, String message) {
        String block = "phases[" + number + "]";
        String path = block + "." + role.key() + "." + key;
        boolean written = experiment.resolved().leaves().containsKey(path);
        problems.add(new Problem(experiment.resolved().origin(written ? path : block), path, message));
    }

    private void requireHead(Role role, ModelShape shape) {
        role.head().filter(head -> !shape.offers(head)).ifPresent(head -> {
            throw new ModelFileException("phase " + (number + 1) + " needs a " + role.key() + ": "
                    + NetworkModel.missing(head, shape.describe()));
        });
    }

    private void requireTransformer(Role role) {
        if (!(start instanceof TransformerShape)) {
            problem(
                    role,
                    "from",
                    "is 'fresh', and only a transformer can be made anew in the shape of a saved one;"
                            + " set start, or the directory of a saved model");
        }
    }

    private void saved(Role role, Path named) {
        Path directory = ModelDirectory.of(named);
        if (!ModelDirectory.isModel(directory)) {
            problem(
                    role,
                    "from",
                    "no model is in " + named + "; set the directory of a saved model or of a run, or start");
            return;
        }
        try {
            ModelShape shape = run.shape(directory);
            requireHead(role, shape);
            fits(role, directory, shape);
        } catch (ModelFileException e) {
            problem(role, "from", e.getMessage());
        }
    }

    private void fits(Role role, Path directory, ModelShape shape) {
        var tokenizer = Tokenizers.read(directory);
        if (!tokenizer.equals(run.tokenizer())) {
            problem(
                    role,
                    "from",
                    "the model in " + directory + " has the tokenizer " + tokenizer + ", this run " + run.tokenizer()
                            + "; all models of a run share one tokenizer");
        }
        int answer = experiment.config().maxNewTokens();
        if (shape.context() < start.context() && shape.context() <= answer) {
            problem(
                    role,
                    "from",
                    "the model in " + directory + " has a context of " + shape.context()
                            + ", too short for a question and the " + answer
                            + " tokens of sampling.max-new-tokens; shorten"
                            + " the answers, or choose a model with a longer context");
        }
        if (role == Role.REFERENCE
                && phase.needs().columns().contains(Standard.REF_DISTRIBUTION)
                && shape.vocabulary() != start.vocabulary()) {
            problem(
                    role,
                    "from",
                    "the model in " + directory + " has " + shape.vocabulary() + " token ids, the policy "
                            + start.vocabulary()
                            + "; an exact KL needs the same, an estimator from sampled tokens does not");
        }
    }

    private void moving(ReferenceSettings settings) {
        if (!settings.moves()) {
            return;
        }
        Optional<Path> directory =
                settings.from().directory().map(ModelDirectory::of).filter(ModelDirectory::isModel);
        if (directory.isPresent()
                && (AdapterConfigFile.isIn(directory.get()) || options.adapter().isPresent())) {
            problem(
                    Role.REFERENCE,
                    "from",
                    "with an adapter a reference can follow the policy from where both start"
                            + " alone: set start, or update-every = 0");
        } else if (!directory.map(run::shape).orElse(start).averagesWith(start)) {
            problem(
                    Role.REFERENCE,
                    "update-every",
                    "is " + settings.updateEvery()
                            + ", and this reference cannot follow the policy: a moving average needs two transformers"
                            + " of one shape; set 0, or another reference.from");
        }
    }

    private void distributions(ReferenceSettings settings) {
        long bytes = PlannedRole.distributionBytes(phase, experiment.config().maxNewTokens(), start);
        if (bytes > settings.distributionBytes()) {
            problem(
                    Role.REFERENCE,
                    "distribution-megabytes",
                    "is " + (settings.distributionBytes() >> 20) + ", and an exact KL over " + start.vocabulary()
                            + " token ids at every token of " + phase.roles().rows() + " answers needs up to "
                            + Math.ceilDiv(bytes, 1L << 20) + ": raise it, take fewer or shorter answers a step, or"
                            + " choose an estimator from sampled tokens");
        }
    }
}
