// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

/** Which rows of an optimiser batch a loss looks at together; it limits how the batch may be cut into micro-batches. */
public enum Coupling {
    /** Every row by itself; denominators come from the whole batch. */
    ROW,
    /** Rows of one group or pair stay in one slice. */
    GROUP,
    /**
     * All rows at once (a sort, a quantile): all slices are scored first, the loss runs once, then each slice goes
     * backward.
     */
    BATCH
}
