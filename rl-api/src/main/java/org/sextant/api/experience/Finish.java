// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

/** Why an answer ended. */
public enum Finish {
    /** The end-of-sequence token. */
    EOS,
    /** Another stop token or a stop string. */
    STOP,
    /** The limit of new tokens: truncated. */
    LENGTH,
    /** The model's context was full: truncated. */
    CONTEXT,
    /** The environment ended the episode. */
    ENVIRONMENT;

    /** Whether the answer was cut off rather than finished. */
    public boolean truncated() {
        return this == LENGTH || this == CONTEXT;
    }
}
