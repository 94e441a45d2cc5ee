// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.runner.rollout.RewardColumns;

/** Rounds of one step as one batch: groups are numbered through, and a component that no answer of a round has is NaN there. */
final class Joined {
    private Joined() {}

    static Experience rounds(List<Experience> rounds) {
        if (rounds.size() == 1) {
            return rounds.getFirst();
        }
        Set<Column<?>> components = new LinkedHashSet<>();
        rounds.forEach(round -> round.columns().keys().stream()
                .filter(column -> column.name().startsWith(RewardColumns.COMPONENT_PREFIX))
                .forEach(components::add));
        List<Experience> alike = new ArrayList<>();
        int first = 0;
        for (Experience round : rounds) {
            int from = first;
            int[] group =
                    Arrays.stream(round.get(Standard.GROUP)).map(g -> g + from).toArray();
            first = Math.max(first, Arrays.stream(group).max().orElse(first - 1) + 1);
            alike.add(withAll(components, round.without(Standard.GROUP).with(Standard.GROUP, group)));
        }
        return Experience.concat(alike);
    }

    @SuppressWarnings("unchecked") // the prefix is given to columns of doubles alone
    private static Experience withAll(Set<Column<?>> components, Experience round) {
        Experience all = round;
        for (Column<?> component : components) {
            if (!all.has(component)) {
                double[] none = new double[round.rows()];
                Arrays.fill(none, Double.NaN);
                all = all.with((Column<double[]>) component, none);
            }
        }
        return all;
    }
}
