// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

import java.util.Locale;
import org.sextant.api.experience.Domain;

/** A linear head on the last hidden state of each state s_t: one number a state. */
public enum Head implements Output {
    /** A critic's V(s_t). */
    VALUE,
    /** A reward model's score; pooled by whoever asks, usually at the last state of the row. */
    SCORE;

    /** Lower-case name in files and messages. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Domain domain() {
        return Domain.STATE;
    }
}
