// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.environment;

/** Training and evaluation questions are disjoint. */
public enum Split {
    TRAIN,
    EVALUATION
}
