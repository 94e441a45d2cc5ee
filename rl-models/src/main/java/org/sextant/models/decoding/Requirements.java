// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;

/** Checks of what a caller hands to the decoder. */
final class Requirements {
    private Requirements() {}

    static void prompt(int[] prompt, int vocabulary, int context) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty: a row needs at least one token, for instance the"
                    + " beginning-of-sequence token");
        }
        ids("prompt", prompt, vocabulary);
        room("a prompt", 0, prompt.length, context);
    }

    /** Room for so many tokens after others, and one of an answer. */
    static void room(String what, int before, int added, int context) {
        if ((long) before + added >= context) {
            throw new IllegalArgumentException(
                    what + " of " + added + " tokens after " + before + " tokens leaves no room for an"
                            + " answer token in the model's context of " + context + ": the row may have at most "
                            + (context - 1)
                            + " tokens; shorten it or choose a model with a longer context (nothing is ever cut)");
        }
    }

    static void ids(String what, int[] ids, int vocabulary) {
        for (int i = 0; i < ids.length; i++) {
            requireId("token " + i + " of the " + what, ids[i], vocabulary);
        }
    }

    static void sampling(Sampling sampling, int vocabulary) {
        sampling.suppressed().forEach(id -> requireId("a suppressed token", id, vocabulary));
        if (!(sampling.temperature() > 0)) {
            throw new IllegalArgumentException("temperature is " + sampling.temperature()
                    + ", must be above 0; for the most probable token each time set greedy");
        }
    }

    static void stop(Stop stop, int vocabulary) {
        stop.tokens().forEach(id -> requireId("a stop token", id, vocabulary));
        if (stop.strings().contains("")) {
            throw new IllegalArgumentException(
                    "a stop string is empty: it would end every answer at once; leave it out");
        }
    }

    private static void requireId(String what, int id, int vocabulary) {
        if (id < 0 || id >= vocabulary) {
            throw new IllegalArgumentException(what + " is " + id + ", but the model has ids 0 to " + (vocabulary - 1)
                    + ": is the tokenizer another model's?");
        }
    }
}
