// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;

/** Columns about rewards that only metrics read. */
public final class RewardColumns {
    /** Components before weights: {@code rewards/<component>}, NaN where a row has none. */
    public static final String COMPONENT_PREFIX = "rewards/";
    /** The reward broke on this row; it is not valid, and is counted apart from wrong answers. */
    public static final Column<boolean[]> FAILED = Column.flags("reward_failed", Domain.ROW);

    private RewardColumns() {}
}
