// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.samediff;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/** The log-sigmoid loss of pairs, −(1 − s) log σ(β m) − s log σ(−β m), where rows stand in several pairs. */
class PairLossTest {
    private static final int ROWS = 120;
    private static final int PAIRS = 300;

    /** The last one reaches margins where one of the sigmoids is 1 to the last bit. */
    @ParameterizedTest
    @CsvSource({"0.1, 0", "0.5, 0.1", "4, 0.2"})
    void agrees(double beta, double smoothing) {
        Random random = new Random(3);
        Ragged rows = Ragged.random(ROWS, random);
        double[] logp = Ragged.gaussians(rows.layout().tokens(), 2, random);
        double[] reference = Ragged.gaussians(logp.length, 2, random);
        int[] chosen = random.ints(PAIRS, 0, ROWS).toArray();
        int[] rejected = random.ints(PAIRS, 0, ROWS).toArray();

        LossScope scope = scope(rows, logp, reference);
        Term gain = scope.output(new LogProb())
                .minus(scope.column(Standard.REF_LOGP))
                .rowSum(rows.counts());
        Term margin = gain.gather(chosen, Domain.VECTOR)
                .minus(gain.gather(rejected, Domain.VECTOR))
                .times(beta);
        Term loss = margin.logSigmoid()
                .times(smoothing - 1)
                .minus(margin.negate().logSigmoid().times(smoothing));
        Part pair = new Part("pair", loss, null, Reduce.rowMean(), 1);
        Evaluation found = Evaluation.of(scope, new Objective(List.of(pair), new Metrics()));

        Graph graph = new Graph(logp);
        SDVariable gains = graph.product(rows.rowSums(), graph.input().sub(graph.constant(reference)));
        SDVariable m = graph.product(Ragged.oneHot(chosen, ROWS), gains)
                .sub(graph.product(Ragged.oneHot(rejected, ROWS), gains))
                .mul(beta);
        SDVariable expected = graph.logSigmoid(m)
                .mul(1 - smoothing)
                .add(graph.logSigmoid(m.neg()).mul(smoothing));
        graph.assertAgrees(
                expected.mean().neg(), found.loss(), found.gradients().get(new LogProb()));
    }

    private static LossScope scope(Ragged rows, double[] logp, double[] reference) {
        Columns columns = Columns.of(Standard.REF_LOGP, reference);
        Experience batch = Experience.of(rows.layout(), columns);
        return new LossScope(batch, batch, Map.of(new LogProb(), logp));
    }
}
