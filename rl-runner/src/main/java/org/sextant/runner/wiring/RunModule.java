// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import com.google.inject.AbstractModule;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Task;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.random.Streams;
import org.sextant.api.reward.RewardFunction;
import org.sextant.models.kernels.Kernels;
import org.sextant.runner.config.ResolvedConfig;
import org.sextant.runner.config.RunConfig;

/** What every class of a run may ask for: the parts that the configuration chose, and the one ledger and seed of the run. */
public final class RunModule extends AbstractModule {
    private final Experiment experiment;
    private final Kernels kernels;

    /** @param kernels what computes; whoever opened them closes them */
    public RunModule(Experiment experiment, Kernels kernels) {
        this.experiment = experiment;
        this.kernels = kernels;
    }

    @Override
    protected void configure() {
        bind(Experiment.class).toInstance(experiment);
        bind(RunConfig.class).toInstance(experiment.config());
        bind(ResolvedConfig.class).toInstance(experiment.resolved());
        bind(Task.class).toInstance(experiment.task());
        bind(RewardFunction.class).toInstance(experiment.reward());
        bind(Environment.class).toInstance(experiment.environment());
        bind(Kernels.class).toInstance(kernels);
        bind(Streams.class).toInstance(new Streams(experiment.config().seed()));
        bind(Ledger.class).toInstance(new Ledger());
    }
}
