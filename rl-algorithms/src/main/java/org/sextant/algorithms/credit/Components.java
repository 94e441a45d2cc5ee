// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;

/**
 * Which numbers the credit starts from: the reward as it is, or some of its components, weighted here.
 *
 * @param columns {@code rewards/<component>}, NaN where an answer has none; none to take the reward as it is
 * @param sum weights of the components
 * @param order what is done first
 */
public record Components(List<Column<double[]>> columns, RewardSum sum, Order order) {
    /** What is done first. */
    public enum Order {
        /** One reward an answer, then the baseline and scale of its group (TRL). */
        SUM_THEN_NORMALISE,
        /** Each component by the baseline and scale of its group, then the sum by those of the whole batch (GDPO). */
        NORMALISE_THEN_SUM
    }

    public Components {
        columns = List.copyOf(columns);
    }

    /** The reward as it is. */
    public static Components none() {
        return new Components(List.of(), new RewardSum(new double[0]), Order.SUM_THEN_NORMALISE);
    }

    /** Reads a block {@code rewards { … }}. */
    public static Components read(ConfigReader own) {
        List<Column<double[]>> columns = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (ConfigReader component : own.objects("components")) {
            columns.add(Column.doubles("rewards/" + component.string("name"), Domain.ROW));
            weights.add(component.decimal("weight", Range.any()));
        }
        Order order = own.oneOf("order", Order.class);
        if (order == Order.NORMALISE_THEN_SUM && columns.isEmpty()) {
            own.problem("order", "normalise-then-sum needs components to normalise; name them");
        }
        double[] weight = weights.stream().mapToDouble(Double::doubleValue).toArray();
        return new Components(columns, new RewardSum(weight), order);
    }

    /** The sum, as a formula. */
    public String describe() {
        if (columns.isEmpty()) {
            return "the reward of the run";
        }
        List<String> terms = new ArrayList<>();
        for (int k = 0; k < columns.size(); k++) {
            String name = columns.get(k).name().substring("rewards/".length());
            terms.add(Explanation.number(sum.weights()[k]) + " " + name);
        }
        return String.join(" + ", terms)
                + (order == Order.SUM_THEN_NORMALISE ? "" : ", each scaled within its group before they are summed");
    }

    /** One number for each row to take the credit of. */
    public double[] rewards(Experience batch, Optional<GroupCredit> credit) {
        if (columns.isEmpty()) {
            return batch.get(Standard.REWARD);
        }
        double[][] byRow = new double[batch.rows()][columns.size()];
        for (int k = 0; k < columns.size(); k++) {
            double[] component = batch.get(columns.get(k));
            for (int row = 0; row < byRow.length; row++) {
                byRow[row][k] = component[row];
            }
        }
        return switch (order) {
            case SUM_THEN_NORMALISE -> sum.of(byRow);
            case NORMALISE_THEN_SUM -> sum.ofScaled(byRow, batch.get(Standard.GROUP), credit.orElseThrow());
        };
    }

    /** Rows that have a reward to take the credit of. */
    public boolean[] scored(Experience batch, double[] rewards) {
        boolean[] valid = batch.find(Standard.VALID).orElse(null);
        boolean[] scored = new boolean[rewards.length];
        for (int row = 0; row < scored.length; row++) {
            scored[row] = !Double.isNaN(rewards[row]) && (valid == null || valid[row]);
        }
        return scored;
    }

    /** The signal, compared in groups, or over the whole batch where groups have been taken care of. */
    public RewardSignal compared(RewardSignal signal) {
        return switch (order) {
            case SUM_THEN_NORMALISE -> signal;
            case NORMALISE_THEN_SUM -> signal.comparedIn(new int[signal.rows().length]);
        };
    }
}
