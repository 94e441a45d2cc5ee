// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.samediff;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Head;
import org.sextant.api.tape.Term;

/** A critic's clipped loss, ½ max((V − R)², (V_old + clip(V − V_old, ±ε) − R)²), from values by state to tokens. */
class ValueLossTest {
    private static final double CLIP = 0.2;
    private static final double COEFFICIENT = 0.5;

    @Test
    void agrees() {
        Random random = new Random(2);
        Ragged rows = Ragged.random(150, random);
        Layout layout = rows.layout();
        double[] old = Ragged.gaussians(layout.states(), 1, random);
        double[] returns = Ragged.gaussians(layout.tokens(), 1, random);
        double[] values = besideKinks(old, returns, layout, random);

        Evaluation found = evaluate(rows, values, old, returns);

        Graph graph = new Graph(values);
        double[][] states = Ragged.oneHot(layout.stateOfToken(), layout.states());
        SDVariable value = graph.product(states, graph.input());
        SDVariable before = graph.product(states, graph.constant(old));
        SDVariable target = graph.constant(returns);
        SDVariable near = before.add(graph.clip(value.sub(before), -CLIP, CLIP));
        SDVariable free = value.sub(target);
        SDVariable held = near.sub(target);
        SDVariable loss = graph.max(free.mul(free), held.mul(held)).mul(graph.indicator(rows.counts()));
        double counted = Arrays.stream(rows.lengths()).sum();
        graph.assertAgrees(
                loss.sum().mul(COEFFICIENT / counted),
                found.loss(),
                found.gradients().get(Head.VALUE));
    }

    /** Beside the ends of the clip range, and beside the values that miss the return as far as the clipped ones do. */
    private static double[] besideKinks(double[] old, double[] returns, Layout layout, Random random) {
        double[] values = new double[old.length];
        Arrays.setAll(values, s -> old[s] + 2 * CLIP * random.nextGaussian());
        int[] state = layout.stateOfToken();
        for (int t = 0; t < state.length; t++) {
            int s = state[t];
            double end = old[s] + (random.nextBoolean() ? CLIP : -CLIP);
            double beside = random.nextBoolean() ? 1e-6 : -1e-6;
            values[s] = switch (t % 3) {
                case 0 -> values[s];
                case 1 -> end + beside;
                default -> 2 * returns[t] - end + beside;
            };
        }
        return values;
    }

    private static Evaluation evaluate(Ragged rows, double[] values, double[] old, double[] returns) {
        Columns columns = Columns.of(Standard.RESPONSE_MASK, rows.counts())
                .with(Standard.VALUES, old)
                .with(Standard.RETURNS, returns);
        Experience batch = Experience.of(rows.layout(), columns);
        LossScope scope = new LossScope(batch, batch, Map.of(Head.VALUE, values));
        int[] state = rows.layout().stateOfToken();
        Term value = scope.output(Head.VALUE).gather(state, Domain.TOKEN);
        Term before = scope.column(Standard.VALUES).gather(state, Domain.TOKEN);
        Term target = scope.column(Standard.RETURNS);
        Term held = before.plus(value.minus(before).clip(-CLIP, CLIP));
        Term loss = value.minus(target).square().max(held.minus(target).square());
        Part part = new Part("value", loss, Mask.response(), Reduce.tokenMean(), COEFFICIENT);
        return Evaluation.of(scope, new Objective(List.of(part), new Metrics()));
    }
}
