// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import java.util.Arrays;
import java.util.List;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.random.Stream;

/** Plausible random numbers for the columns that the runner fills. */
final class Fill {
    /** Columns that hold log-probabilities. */
    private static final List<Column<double[]>> LOGPS =
            List.of(Standard.OLD_LOGP, Standard.REF_LOGP, Standard.SAMPLING_LOGP);
    /** Columns that hold any number. */
    private static final List<Column<double[]>> NUMBERS = List.of(
            Standard.VALUES,
            Standard.RETURNS,
            Standard.ADVANTAGES,
            Standard.TOKEN_REWARDS,
            Standard.GREEDY_REWARD,
            Standard.BRANCH_VALUES);
    /** Token ids that a distribution is over; {@link Batches} has ids up to 9. */
    private static final int VOCABULARY = 10;

    private Fill() {}

    /** The batch with this column, which it must not have yet. */
    static Experience in(Column<?> column, Experience batch, Stream random) {
        for (Column<double[]> logp : LOGPS) {
            if (logp.equals(column)) {
                return batch.with(logp, logps(batch, random));
            }
        }
        for (Column<double[]> number : NUMBERS) {
            if (number.equals(column)) {
                return batch.with(number, numbers(number, batch, random));
            }
        }
        if (column.equals(Standard.SUM_PI_SQUARED)) {
            double[] sums = numbers(Standard.SUM_PI_SQUARED, batch, random);
            return batch.with(
                    Standard.SUM_PI_SQUARED, Arrays.stream(sums).map(Math::abs).toArray());
        }
        if (column.equals(Standard.REF_DISTRIBUTION)) {
            return batch.with(Standard.REF_DISTRIBUTION, distributions(batch, random));
        }
        throw new IllegalArgumentException(
                "the kit cannot make column " + column + "; override batch() and fill it there");
    }

    /** Near the old ones if there are any, else between -2.5 and -0.5; 0 outside the response. */
    static double[] logps(Experience batch, Stream random) {
        boolean[] response = batch.get(Standard.RESPONSE_MASK);
        double[] old = batch.find(Standard.OLD_LOGP).orElse(null);
        double[] logp = new double[response.length];
        for (int t = 0; t < logp.length; t++) {
            double near =
                    old == null ? -1.5 + 2 * (random.nextDouble() - 0.5) : old[t] + 0.8 * (random.nextDouble() - 0.5);
            logp[t] = response[t] ? Math.min(near, -0.01) : 0;
        }
        return logp;
    }

    /** Log-probabilities of all ids at each token of a response. */
    private static float[][] distributions(Experience batch, Stream random) {
        boolean[] response = batch.get(Standard.RESPONSE_MASK);
        float[][] all = new float[response.length][];
        for (int t = 0; t < all.length; t++) {
            double[] logits = random.doubles(VOCABULARY).map(x -> 4 * x).toArray();
            double sum = Arrays.stream(logits).map(Math::exp).sum();
            if (response[t]) {
                all[t] = new float[VOCABULARY];
                for (int v = 0; v < VOCABULARY; v++) {
                    all[t][v] = (float) (logits[v] - Math.log(sum));
                }
            }
        }
        return all;
    }

    private static double[] numbers(Column<double[]> column, Experience batch, Stream random) {
        double[] numbers = new double[batch.layout().size(column.domain())];
        Arrays.setAll(numbers, i -> 2 * random.nextDouble() - 1);
        if (column.domain() == Domain.TOKEN) {
            boolean[] response = batch.get(Standard.RESPONSE_MASK);
            Arrays.setAll(numbers, t -> response[t] ? numbers[t] : 0);
        }
        return numbers;
    }
}
