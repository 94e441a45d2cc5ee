// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.samediff;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;
import org.sextant.algorithms.kl.KlPart;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;

/** The k3 penalty: plain, between its clamps, and weighted by the ratio. */
class KlTest {
    private static final double COEFFICIENT = 0.3;

    /** k3 is e − 2 where log π_ref − log π is 1, and again near −1.5. */
    @ParameterizedTest
    @CsvSource({", , false", "2, 0.7182818284590452, false", ", , true", "1, , true"})
    void k3Agrees(Double differenceClamp, Double valueClamp, boolean ratioWeighted) {
        Kl kl = new Kl(
                COEFFICIENT,
                Placement.LOSS,
                Estimator.K3,
                false,
                Optional.ofNullable(differenceClamp),
                Optional.ofNullable(valueClamp),
                ratioWeighted);
        Random random = new Random(1);
        Ragged rows = Ragged.random(150, random);
        int tokens = rows.layout().tokens();
        double[] logp = Ragged.gaussians(tokens, 1, random);
        double[] reference = besideKinks(logp, random);
        double[] old = Ragged.gaussians(tokens, 1, random);

        Evaluation found = evaluate(kl, rows, logp, reference, old);

        Graph graph = new Graph(logp);
        SDVariable weight = ratioWeighted ? graph.exp(graph.input().sub(graph.constant(old))) : graph.constant(1);
        SDVariable penalty = k3(graph, kl, reference).mul(weight).mul(graph.indicator(rows.counts()));
        double counted = Arrays.stream(rows.lengths()).sum();
        graph.assertAgrees(
                penalty.sum().mul(COEFFICIENT / counted),
                found.loss(),
                found.gradients().get(new LogProb()));
    }

    private static double[] besideKinks(double[] logp, Random random) {
        double[] kinks = {-2, -1, 1, 2};
        double[] reference = new double[logp.length];
        for (int t = 0; t < logp.length; t++) {
            double kink = kinks[random.nextInt(kinks.length)] + (random.nextBoolean() ? 1e-6 : -1e-6);
            reference[t] = logp[t] + (t % 2 == 0 ? kink : 1.5 * random.nextGaussian());
        }
        return reference;
    }

    private static Evaluation evaluate(Kl kl, Ragged rows, double[] logp, double[] reference, double[] old) {
        Columns columns = Columns.of(Standard.RESPONSE_MASK, rows.counts())
                .with(Standard.REF_LOGP, reference)
                .with(Standard.OLD_LOGP, old);
        Experience batch = Experience.of(rows.layout(), columns);
        LossScope scope = new LossScope(batch, batch, Map.of(new LogProb(), logp));
        Metrics metrics = new Metrics();
        Surrogate surrogate = Surrogate.clip(Level.TOKEN, 0.2, 0.2);
        List<Part> parts =
                KlPart.of(kl, kl.coefficient(), surrogate, scope, Mask.response(), Reduce.tokenMean(), metrics);
        return Evaluation.of(scope, new Objective(parts, metrics));
    }

    private static SDVariable k3(Graph graph, Kl kl, double[] reference) {
        SDVariable x = graph.constant(reference).sub(graph.input());
        SDVariable limited = kl.differenceClamp().map(c -> graph.clip(x, -c, c)).orElse(x);
        SDVariable k3 = graph.exp(limited).sub(limited).sub(1.0);
        return kl.valueClamp().map(c -> graph.clip(k3, -c, c)).orElse(k3);
    }
}
