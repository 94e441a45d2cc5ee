// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;

class SlicesTest {
    private static Experience batch(int[] lengths, int[] groups) {
        return Experience.of(Layout.ofLengths(lengths), Columns.of(Standard.GROUP, groups));
    }

    @Test
    void fillsEachSliceUpToTheLimitAndKeepsTheOrder() {
        Experience batch = batch(new int[] {3, 3, 4, 9, 1}, new int[] {0, 0, 1, 1, 2});

        assertThat(Slices.cut(batch, 6, Coupling.ROW))
                .isEqualTo(List.of(Rows.of(0, 1), Rows.of(2), Rows.of(3), Rows.of(4)));
    }

    @Test
    void keepsAGroupTogetherEvenIfItIsLongerThanTheLimit() {
        Experience batch = batch(new int[] {3, 3, 4, 2}, new int[] {0, 1, 0, 1});

        assertThat(Slices.cut(batch, 6, Coupling.GROUP)).isEqualTo(List.of(Rows.of(0, 2), Rows.of(1, 3)));
    }

    @Test
    void anEmptyBatchHasNoSlices() {
        assertThat(Slices.cut(batch(new int[0], new int[0]), 6, Coupling.ROW)).isEmpty();
    }

    @Test
    void statesOfASliceGoToTheirPlacesAndBack() {
        Layout whole = Layout.ofLengths(2, 1, 3);
        Rows rows = Rows.of(2, 0);
        Layout slice = whole.select(rows.toArray());
        double[] numbers = {1, 2, 3, 4, 5, 6, 7};
        double[] into = new double[whole.states()];

        RowTransfer.scatter(Domain.STATE, rows, slice, numbers, whole, into);

        assertThat(into).containsExactly(5, 6, 7, 0, 0, 1, 2, 3, 4);
        assertThat(RowTransfer.gather(Domain.STATE, rows, slice, into, whole)).containsExactly(numbers);
    }
}
