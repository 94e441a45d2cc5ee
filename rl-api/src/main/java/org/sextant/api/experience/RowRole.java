// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

/** What a row is to a loss over offline data; rollouts are {@link #ROLLOUT}. */
public enum RowRole {
    ROLLOUT,
    CHOSEN,
    REJECTED,
    DESIRABLE,
    UNDESIRABLE,
    DEMONSTRATION
}
