// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import org.sextant.api.metrics.MetricRegistry;
import org.sextant.runner.evaluation.Evaluator;
import org.sextant.runner.learning.PolicyLearner;
import org.sextant.runner.wiring.Experiment;

/** The metrics that a run may write: those of the loop and of the phases with their algorithms. {@code docs/metrics.md} is made of them. */
final class RunMetrics {
    private RunMetrics() {}

    static MetricRegistry of(Experiment experiment) {
        MetricRegistry registry = new MetricRegistry();
        registry.define(StepMetrics.DEFINITIONS);
        registry.define(MemoryMetrics.DEFINITIONS);
        registry.define(PolicyLearner.DEFINITIONS);
        registry.define(Evaluator.DEFINITIONS);
        experiment.phases().forEach(phase -> registry.define(phase.metrics()));
        return registry;
    }
}
