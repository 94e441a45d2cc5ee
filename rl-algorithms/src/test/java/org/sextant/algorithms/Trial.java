// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.config.Provider;
import org.sextant.api.experience.Experience;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.testkit.Settings;

/**
 * One evaluation of an algorithm's objective with given model outputs.
 *
 * @param evaluation loss and gradients
 * @param metrics what the objective logged
 */
public record Trial(Evaluation evaluation, Metrics metrics) {
    /** An algorithm with its defaults and these settings over them. */
    public static Algorithm algorithm(Provider<Algorithm> provider, String... settings) {
        String[] all = new String[settings.length + 1];
        all[0] = provider.defaults();
        System.arraycopy(settings, 0, all, 1, settings.length);
        Settings reader = Settings.of(all);
        Algorithm algorithm = provider.create(reader);
        if (!reader.problems().isEmpty()) {
            throw new IllegalArgumentException("settings: " + reader.problems());
        }
        return algorithm;
    }

    /** Entropy is 0 everywhere. */
    public static Trial of(Algorithm algorithm, Experience batch, double[] logp) {
        return of(algorithm, batch, batch, logp, new double[logp.length]);
    }

    public static Trial of(Algorithm algorithm, Experience slice, Experience whole, double[] logp, double[] entropy) {
        Map<Output, double[]> outputs = new LinkedHashMap<>();
        outputs.put(new LogProb(), logp);
        outputs.put(new Entropy(), entropy);
        return of(algorithm, slice, whole, outputs);
    }

    /** With a critic, and entropy 0. */
    public static Trial of(Algorithm algorithm, Experience batch, double[] logp, double[] values) {
        Map<Output, double[]> outputs = new LinkedHashMap<>();
        outputs.put(new LogProb(), logp);
        outputs.put(new Entropy(), new double[logp.length]);
        outputs.put(Head.VALUE, values);
        return of(algorithm, batch, batch, outputs);
    }

    /** With these outputs of the model on the slice. */
    public static Trial of(Algorithm algorithm, Experience slice, Experience whole, Map<Output, double[]> outputs) {
        LossScope scope = new LossScope(slice, whole, outputs);
        Objective objective = algorithm.objective(scope);
        return new Trial(Evaluation.of(scope, objective), objective.metrics());
    }

    public double loss() {
        return evaluation.loss();
    }

    public double metric(String name) {
        return metrics.values().get(name);
    }

    public double[] gradient() {
        return evaluation.gradients().get(new LogProb());
    }

    public double[] valueGradient() {
        return evaluation.gradients().get(Head.VALUE);
    }

    public double[] entropyGradient() {
        return evaluation.gradients().get(new Entropy());
    }
}
