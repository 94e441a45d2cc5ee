// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.util.Locale;

/** What a model is in a run. */
public enum Role {
    POLICY,
    REFERENCE,
    CRITIC,
    REWARD,
    TEACHER;

    /** Lower-case name in metrics and messages. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
