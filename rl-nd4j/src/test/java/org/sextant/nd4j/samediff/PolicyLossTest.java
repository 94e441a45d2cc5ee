// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.samediff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.surrogate.PolicyLoss;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.Surrogate.Kind;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/** The clipped policy loss with its aggregation, as GRPO, GSPO and RLOO use it, on both sides of each of its kinks. */
class PolicyLossTest {
    private static final int ROWS = 200;
    private static final double BESIDE_A_KINK = 1e-6;

    @ParameterizedTest
    @CsvSource({
        "TOKEN, 0.2, 0.2, , , , SEQUENCE_MEAN_TOKEN_MEAN, true",
        "TOKEN, 0.2, 0.28, , , , TOKEN_MEAN, true",
        "TOKEN, 0.1, 0.4, 1.5, , , SEQUENCE_MEAN_TOKEN_SUM_NORM, false",
        "TOKEN, 0.2, 0.28, 1.4, 1.6, 0.6, SEQUENCE_MEAN_TOKEN_MEAN, false",
        "SEQUENCE_PRODUCT, 0.2, 0.28, 1.5, , , SEQUENCE_MEAN_TOKEN_MEAN, true",
        "SEQUENCE_MEAN, 3e-2, 4e-2, , , , SEQUENCE_MEAN_TOKEN_MEAN, true",
        "SEQUENCE_MEAN_TOKEN_GRADIENT, 3e-2, 4e-2, 1.2, , , TOKEN_SUM_NORM, true"
    })
    void agrees(
            Level level,
            double low,
            double high,
            Double dualClip,
            Double delta,
            Double logRatioClamp,
            Aggregation.Kind kind,
            boolean countEmptyRows) {
        Surrogate surrogate = new Surrogate(
                Kind.CLIP,
                level,
                low,
                high,
                Optional.ofNullable(dualClip),
                Optional.ofNullable(delta),
                Optional.ofNullable(logRatioClamp));
        Aggregation aggregation = new Aggregation(kind, 7, countEmptyRows, 0);
        Random random = new Random(level.ordinal());
        Ragged rows = Ragged.random(ROWS, random);
        int tokens = rows.layout().tokens();
        Batch batch = new Batch(
                rows, Ragged.gaussians(tokens, 1, random), Ragged.gaussians(level.byRow() ? ROWS : tokens, 1, random));
        double[] logp = batch.logp(surrogate, random);

        Evaluation found = evaluate(surrogate, aggregation, batch, logp);

        double[] gradient = found.gradients().get(new LogProb());
        double[] counted = rows.counted(gradient);
        assertThat(Arrays.stream(counted).filter(slope -> slope == 0).count())
                .as("tokens on a flat side")
                .isBetween(counted.length / 10L, counted.length * 9L / 10);
        Graph graph = new Graph(logp);
        SDVariable loss = clipped(graph, surrogate, ratio(graph, surrogate, batch, logp), batch.advantagesOfTokens());
        graph.assertAgrees(aggregated(graph, aggregation, rows, loss), found.loss(), gradient);
    }

    /** @param advantages by token or, where the level has one ratio a row, by row */
    private record Batch(Ragged rows, double[] old, double[] advantages) {
        Experience experience() {
            boolean byRow = advantages.length == ROWS;
            return Experience.of(
                    rows.layout(),
                    Columns.of(Standard.RESPONSE_MASK, rows.counts())
                            .with(Standard.OLD_LOGP, old)
                            .with(byRow ? Advantages.BY_ROW : Standard.ADVANTAGES, advantages));
        }

        double[] advantagesOfTokens() {
            if (advantages.length != ROWS) {
                return advantages;
            }
            return Arrays.stream(rows.layout().rowOfToken())
                    .mapToDouble(row -> advantages[row])
                    .toArray();
        }

        /** Policies whose log-ratios, at the level where they are taken, are anywhere or just beside a kink. */
        double[] logp(Surrogate surrogate, Random random) {
            double[] logp = old.clone();
            int[] row = rows.layout().rowOfToken();
            if (surrogate.level() == Level.TOKEN) {
                double[] targets = targets(surrogate, logp.length, random);
                Arrays.setAll(logp, t -> old[t] + targets[t]);
                return logp;
            }
            double[] noise = Ragged.gaussians(logp.length, 0.3, random);
            double[] sums = new double[ROWS];
            for (int t = 0; t < logp.length; t++) {
                sums[row[t]] += rows.counts()[t] ? noise[t] : 0;
            }
            double[] targets = targets(surrogate, ROWS, random);
            double[] lengths = rows.lengths();
            for (int t = 0; t < logp.length; t++) {
                int i = row[t];
                double sum = surrogate.level() == Level.SEQUENCE_PRODUCT ? targets[i] : targets[i] * lengths[i];
                logp[t] += noise[t] + (rows.counts()[t] ? (sum - sums[i]) / lengths[i] : 0);
            }
            return logp;
        }
    }

    private static double[] targets(Surrogate surrogate, int n, Random random) {
        List<Double> kinks =
                new ArrayList<>(List.of(Math.log(1 - surrogate.clipLow()), Math.log1p(surrogate.clipHigh())));
        surrogate.dualClip().map(Math::log).ifPresent(kinks::add);
        surrogate.delta().map(Math::log).ifPresent(kinks::add);
        surrogate.logRatioClamp().ifPresent(c -> kinks.addAll(List.of(-c, c)));
        double[] targets = Ragged.gaussians(n, 2 * surrogate.clipHigh(), random);
        for (int i = 0; i < n; i += 2) {
            double side = random.nextBoolean() ? BESIDE_A_KINK : -BESIDE_A_KINK;
            targets[i] = kinks.get(random.nextInt(kinks.size())) + side;
        }
        return targets;
    }

    private static Evaluation evaluate(Surrogate surrogate, Aggregation aggregation, Batch batch, double[] logp) {
        Experience experience = batch.experience();
        LossScope scope = new LossScope(experience, experience, Map.of(new LogProb(), logp));
        Metrics metrics = new Metrics();
        Term loss = PolicyLoss.of(surrogate, scope, batch.rows().counts(), metrics);
        Term byToken = surrogate.level().byRow() ? loss.toTokens() : loss;
        Part policy = new Part("policy", byToken, Mask.response(), aggregation.reduce(), 1);
        return Evaluation.of(scope, new Objective(List.of(policy), metrics));
    }

    private static SDVariable ratio(Graph graph, Surrogate surrogate, Batch batch, double[] logp) {
        Ragged rows = batch.rows();
        SDVariable difference = graph.input().sub(graph.constant(batch.old()));
        SDVariable sums = graph.product(rows.rowSums(), difference);
        SDVariable means = sums.div(graph.constant(atLeastOne(rows.lengths())));
        SDVariable logRatio = switch (surrogate.level()) {
            case TOKEN -> difference;
            case SEQUENCE_PRODUCT -> graph.product(rows.rowToTokens(), sums);
            case SEQUENCE_MEAN -> graph.product(rows.rowToTokens(), means);
            case SEQUENCE_MEAN_TOKEN_GRADIENT ->
                graph.constant(meansOfTokens(batch, logp)).add(graph.input()).sub(graph.constant(logp));
        };
        return graph.exp(
                surrogate.logRatioClamp().map(c -> graph.clip(logRatio, -c, c)).orElse(logRatio));
    }

    /** SameDiff cannot stop a gradient, so these come as numbers. */
    private static double[] meansOfTokens(Batch batch, double[] logp) {
        Ragged rows = batch.rows();
        int[] row = rows.layout().rowOfToken();
        double[] lengths = atLeastOne(rows.lengths());
        double[] means = new double[ROWS];
        for (int t = 0; t < logp.length; t++) {
            means[row[t]] += rows.counts()[t] ? (logp[t] - batch.old()[t]) / lengths[row[t]] : 0;
        }
        return Arrays.stream(row).mapToDouble(i -> means[i]).toArray();
    }

    private static SDVariable clipped(Graph graph, Surrogate surrogate, SDVariable ratio, double[] advantages) {
        SDVariable a = graph.constant(advantages);
        SDVariable bounded = surrogate.delta().map(d -> graph.clip(ratio, 0, d)).orElse(ratio);
        SDVariable inside = graph.clip(ratio, 1 - surrogate.clipLow(), 1 + surrogate.clipHigh());
        SDVariable loss = graph.min(bounded.mul(a), inside.mul(a)).neg();
        if (surrogate.dualClip().isEmpty()) {
            return loss;
        }
        double[] above = new double[advantages.length];
        Arrays.setAll(above, t -> advantages[t] > 0 ? 1 : 0);
        SDVariable positive = graph.constant(above);
        SDVariable bound = a.mul(-surrogate.dualClip().get());
        return positive.mul(loss).add(positive.rsub(1).mul(graph.min(loss, bound)));
    }

    private static SDVariable aggregated(Graph graph, Aggregation aggregation, Ragged rows, SDVariable loss) {
        double[] lengths = rows.lengths();
        double tokens = Arrays.stream(lengths).sum();
        double answers = aggregation.countEmptyRows()
                ? ROWS
                : Arrays.stream(lengths).filter(n -> n > 0).count();
        SDVariable sums = graph.product(rows.rowSums(), loss);
        return switch (aggregation.kind()) {
            case TOKEN_MEAN -> sums.sum().div(tokens);
            case SEQUENCE_MEAN_TOKEN_MEAN ->
                sums.div(graph.constant(atLeastOne(lengths))).sum().div(answers);
            case SEQUENCE_MEAN_TOKEN_SUM, SEQUENCE_MEAN -> sums.sum().div(answers);
            case SEQUENCE_MEAN_TOKEN_SUM_NORM -> sums.sum().div(answers * aggregation.normaliser());
            case TOKEN_SUM_NORM -> sums.sum().div(aggregation.normaliser());
        };
    }

    private static double[] atLeastOne(double[] lengths) {
        return Arrays.stream(lengths).map(n -> Math.max(n, 1)).toArray();
    }
}
