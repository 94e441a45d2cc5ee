// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.util.Locale;

/** What a model is in a run. */
public enum Role {
    /** The model in training. */
    POLICY,
    /** The frozen model that a KL penalty measures from. */
    REFERENCE,
    /** The model that estimates values. */
    CRITIC,
    /** A model that scores answers. */
    REWARD,
    /** The frozen model whose distribution a student learns. */
    TEACHER;

    /** Lower-case name in metrics and messages. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
