// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

/** What a row is to a loss over offline data. Rollouts have no role until an algorithm gives them one. */
public enum RowRole {
    CHOSEN,
    REJECTED,
    DESIRABLE,
    UNDESIRABLE,
    DEMONSTRATION
}
