// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import java.lang.reflect.Array;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

/**
 * Plays one algorithm on one batch without a model: outputs are random numbers that travel with the rows in columns of
 * the kit's own.
 *
 * @param batch curated rows with the credit's columns
 * @param credit what {@code credit} returned
 * @param creditMetrics what it logged
 */
record Rehearsal(Algorithm algorithm, Experience batch, Columns credit, Metrics creditMetrics) {
    /** Curates and credits. */
    static Rehearsal of(Algorithm algorithm, Experience raw) {
        return ofCurated(algorithm, raw.select(algorithm.curate(raw)));
    }

    /** Credits rows that are curated already. */
    static Rehearsal ofCurated(Algorithm algorithm, Experience curated) {
        Metrics metrics = new Metrics();
        Columns credit = algorithm.credit(curated, metrics);
        return new Rehearsal(algorithm, curated.with(credit), credit, metrics);
    }

    /** The loss on a slice and what was logged with it. */
    record Loss(Evaluation evaluation, Metrics metrics) {}

    Loss loss() {
        return loss(batch, batch);
    }

    Loss loss(Experience slice, Experience whole) {
        LossScope scope = new LossScope(slice, whole, outputs(algorithm.needs(), slice));
        Objective objective = algorithm.objective(scope);
        return new Loss(Evaluation.of(scope, objective), objective.metrics());
    }

    /** The batch with random outputs of a model: log-probabilities near the old ones, everything else around 0.5. */
    static Experience withOutputs(Experience batch, Needs needs, long seed) {
        Stream random = new Streams(seed).open(StreamKey.of("testkit/outputs"));
        Experience with = batch;
        for (Output output : ordered(needs)) {
            with = with.with(carrier(output), values(output, batch, random));
        }
        return with;
    }

    private static double[] values(Output output, Experience batch, Stream random) {
        if (output instanceof LogProb) {
            return Fill.logps(batch, random);
        }
        double[] values = random.doubles(batch.layout().size(output.domain())).toArray();
        if (!(output instanceof Head)) {
            boolean[] response = batch.get(Standard.RESPONSE_MASK);
            for (int t = 0; t < values.length; t++) {
                values[t] = response[t] ? values[t] : 0;
            }
        }
        return values;
    }

    static Column<double[]> carrier(Output output) {
        return Column.doubles("testkit/" + output, output.domain());
    }

    static List<Output> ordered(Needs needs) {
        return needs.outputs().stream()
                .sorted(Comparator.comparing(Output::toString))
                .toList();
    }

    private static Map<Output, double[]> outputs(Needs needs, Experience slice) {
        Map<Output, double[]> outputs = new LinkedHashMap<>();
        ordered(needs).forEach(output -> outputs.put(output, slice.get(carrier(output))));
        return outputs;
    }

    /** The batch with the columns that the predicate keeps. */
    static Experience keep(Experience batch, Predicate<Column<?>> kept) {
        return map(batch, kept, (column, index) -> false, 0);
    }

    /**
     * The batch with numbers of double columns moved where the predicate says so; no array is shared with the original.
     */
    static Experience moved(Experience batch, BiPredicate<Column<?>, Integer> where, double by) {
        return map(batch, column -> true, where, by);
    }

    private static Experience map(
            Experience batch, Predicate<Column<?>> kept, BiPredicate<Column<?>, Integer> where, double by) {
        Columns columns = Columns.none();
        for (Column<?> column : batch.columns().keys()) {
            columns = kept.test(column) ? copy(column, batch, where, by, columns) : columns;
        }
        return Experience.of(batch.layout(), columns);
    }

    private static <A> Columns copy(
            Column<A> column, Experience batch, BiPredicate<Column<?>, Integer> where, double by, Columns to) {
        A from = batch.get(column);
        int n = Array.getLength(from);
        A into = column.type().cast(Array.newInstance(column.type().getComponentType(), n));
        System.arraycopy(from, 0, into, 0, n);
        if (into instanceof double[] numbers) {
            for (int i = 0; i < n; i++) {
                numbers[i] += where.test(column, i) ? by * (1 + i % 3) : 0;
            }
        }
        return to.with(column, into);
    }

    /** Entries of a column that no loss may look at: tokens outside the mask and the states before them. */
    static boolean[] outside(Domain domain, Experience batch, boolean[] mask) {
        Layout layout = batch.layout();
        boolean[] outside = new boolean[layout.size(domain)];
        for (int row = 0; row < layout.rows() && domain != Domain.ROW; row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                outside[domain == Domain.STATE ? t + row : t] = !mask[t];
            }
        }
        return outside;
    }
}
