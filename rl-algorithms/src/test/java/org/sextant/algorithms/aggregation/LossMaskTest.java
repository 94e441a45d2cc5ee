// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sextant.algorithms.aggregation.LossMask.Treatment;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Standard;
import org.sextant.api.testkit.Batches;

class LossMaskTest {
    private static final Experience BATCH = Batches.rows(2, 3, 2)
            .prompts(1, 1, 1)
            .group(0, 0, 0)
            .reward(1, Double.NaN, 0)
            .with(Standard.FINISH, new Finish[] {Finish.EOS, Finish.EOS, Finish.LENGTH})
            .build();

    @Test
    void keepsOrMasksRowsByTheirKind() {
        assertThat(new LossMask(Treatment.KEEP, Treatment.KEEP).over(BATCH))
                .containsExactly(false, true, false, true, true, false, true);
        assertThat(new LossMask(Treatment.MASK, Treatment.KEEP).over(BATCH))
                .containsExactly(false, true, false, false, false, false, true);
        assertThat(new LossMask(Treatment.KEEP, Treatment.MASK).over(BATCH))
                .containsExactly(false, true, false, true, true, false, false);
    }

    @Test
    void maskedRowsCountAsAnswersOnlyIfAsked() {
        LossMask mask = new LossMask(Treatment.MASK, Treatment.KEEP);
        assertThat(mask.rows(true).over(BATCH)).containsExactly(true, true, true);
        assertThat(mask.rows(false).over(BATCH)).containsExactly(true, false, true);
    }
}
