// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.util.Locale;
import java.util.Optional;
import org.sextant.api.output.Head;

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

    /** The head that a model of this role is read through; empty where that is the vocabulary's. */
    public Optional<Head> head() {
        return switch (this) {
            case CRITIC -> Optional.of(Head.VALUE);
            case REWARD -> Optional.of(Head.SCORE);
            case POLICY, REFERENCE, TEACHER -> Optional.empty();
        };
    }

    /** Lower-case name in metrics and messages. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
