// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

/** What kind of data an algorithm learns from. */
public enum DataKind {
    /** Answers sampled from the current policy and scored. */
    ROLLOUTS,
    /** Pairs of a chosen and a rejected answer. */
    PREFERENCE_PAIRS,
    /** Answers labelled good or bad. */
    LABELLED,
    /** Answers to imitate. */
    DEMONSTRATIONS
}
