// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Needs;
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
import org.sextant.api.testkit.Batches;

/**
 * A step of an algorithm on a seeded random batch without a model. Outputs and a number for each token and state travel with the rows, so that gradients can be compared
 * after rows were moved or padded.
 */
public final class Played {
    private static final Column<int[]> TOKEN = Column.ints("played/token", Domain.TOKEN);
    private static final Column<int[]> STATE = Column.ints("played/state", Domain.STATE);

    private Played() {}

    /** What the runner would hand to the algorithm, with a model's outputs near the old log-probabilities. */
    public static Experience batch(Algorithm algorithm, long seed) {
        Needs needs = algorithm.needs();
        Experience batch = Batches.matching(needs, seed);
        Stream random = new Streams(seed).open(StreamKey.of("played"));
        for (Output output : needs.outputs()) {
            double[] values =
                    random.doubles(batch.layout().size(output.domain())).toArray();
            if (output instanceof LogProb) {
                double[] old = batch.get(Standard.OLD_LOGP);
                Arrays.setAll(values, t -> old[t] + 0.6 * (values[t] - 0.5));
            }
            batch = batch.with(carrier(output), values);
        }
        return batch.with(TOKEN, numbers(batch.layout().tokens()))
                .with(STATE, numbers(batch.layout().states()));
    }

    /** The batch with a policy that has not moved since it sampled. */
    public static Experience unmoved(Experience batch) {
        return batch.without(carrier(new LogProb()))
                .with(carrier(new LogProb()), batch.get(Standard.OLD_LOGP).clone());
    }

    /** The batch with the columns of the algorithm's credit, rows chosen by it. */
    public static Experience credited(Algorithm algorithm, Experience batch) {
        return credited(algorithm, batch, new Metrics());
    }

    private static Experience credited(Algorithm algorithm, Experience batch, Metrics metrics) {
        Experience kept = batch.select(algorithm.curate(batch));
        return kept.with(algorithm.credit(kept, metrics));
    }

    /** The loss of a credited batch. */
    public static Trial trial(Algorithm algorithm, Experience credited) {
        Map<Output, double[]> outputs = new LinkedHashMap<>();
        algorithm.needs().outputs().forEach(output -> outputs.put(output, credited.get(carrier(output))));
        return Trial.of(algorithm, credited, credited, outputs);
    }

    /**
     * Credit and gradients, each at the number that its token or state had when the batch was made; what was padded must have none. And the loss and all
     * metrics.
     */
    public static Map<String, double[]> step(Algorithm algorithm, Experience batch, Layout original) {
        Metrics metrics = new Metrics();
        Experience credited = credited(algorithm, batch, metrics);
        Map<String, double[]> found = new LinkedHashMap<>();
        found.put("advantages", home(credited.get(Standard.ADVANTAGES), credited.get(TOKEN), original.tokens()));
        Trial trial = trial(algorithm, credited);
        trial.evaluation().gradients().forEach((output, gradient) -> {
            boolean states = output instanceof Head;
            found.put(
                    "gradient of " + output.name(),
                    home(
                            gradient,
                            credited.get(states ? STATE : TOKEN),
                            states ? original.states() : original.tokens()));
        });
        found.put("loss", new double[] {trial.loss()});
        metrics.addAll(trial.metrics());
        metrics.values().forEach((name, value) -> found.put("metric " + name, new double[] {value}));
        return found;
    }

    /** Finite and equal, but for rounding. */
    public static void assertSame(String of, Map<String, double[]> found, Map<String, double[]> expected) {
        assertThat(found.keySet()).as(of).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            double[] other = found.get(name);
            for (int i = 0; i < values.length; i++) {
                boolean near = Math.abs(values[i] - other[i]) <= 1e-10 * (1 + Math.abs(values[i]));
                if (!near) {
                    throw new AssertionError(
                            of + ": " + name + " at " + i + " is " + other[i] + ", expected " + values[i]);
                }
            }
        });
    }

    private static double[] home(double[] values, int[] numbers, int size) {
        double[] home = new double[size];
        for (int i = 0; i < values.length; i++) {
            if (numbers[i] < 0) {
                assertThat(values[i]).as("of padding").isZero();
            } else {
                home[numbers[i]] = values[i];
            }
        }
        return home;
    }

    /**
     * The batch with all rows as long as the longest and one token more, by tokens that are no answer's and hold arbitrary numbers.
     *
     * @param left how much of a row's padding lies before it
     */
    public static Experience padded(Experience batch, IntUnaryOperator left) {
        Layout from = batch.layout();
        int width = 1;
        for (int row = 0; row < from.rows(); row++) {
            width = Math.max(width, from.length(row) + 1);
        }
        int[] lengths = new int[from.rows()];
        Arrays.fill(lengths, width);
        Layout to = Layout.ofLengths(lengths);
        Columns columns = Columns.none();
        for (Column<?> column : batch.columns().keys()) {
            columns = move(column, batch, to, left, columns);
        }
        return Experience.of(to, columns);
    }

    private static <A> Columns move(
            Column<A> column, Experience batch, Layout to, IntUnaryOperator left, Columns columns) {
        A values = batch.get(column);
        if (column.domain() == Domain.ROW) {
            return columns.with(column, values);
        }
        Layout from = batch.layout();
        A into = column.type().cast(Array.newInstance(column.type().getComponentType(), to.size(column.domain())));
        if (into instanceof double[] numbers) {
            Arrays.fill(numbers, -7.5);
        } else if (into instanceof int[] numbers) {
            Arrays.fill(numbers, -1);
        }
        boolean states = column.domain() == Domain.STATE;
        for (int row = 0; row < from.rows(); row++) {
            int shift = left.applyAsInt(to.length(row) - from.length(row));
            int source = states ? from.stateStart(row) : from.start(row);
            int target = (states ? to.stateStart(row) : to.start(row)) + shift;
            System.arraycopy(values, source, into, target, from.length(row) + (states ? 1 : 0));
        }
        return columns.with(column, into);
    }

    private static int[] numbers(int size) {
        int[] numbers = new int[size];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    private static Column<double[]> carrier(Output output) {
        return Column.doubles("played/" + output, output.domain());
    }
}
