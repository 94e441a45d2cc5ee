// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.environment;

/** Training and evaluation questions are disjoint. */
public enum Split {
    /** Questions to learn from. */
    TRAIN,
    /** Questions that are only ever asked. */
    EVALUATION
}
