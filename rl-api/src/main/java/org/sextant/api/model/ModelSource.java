// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.nio.file.Path;
import java.util.Optional;
import org.sextant.api.config.ConfigReader;

/** Where a model besides the policy comes from: {@code from = start | fresh | "DIR"}. */
public sealed interface ModelSource {
    /** What the phase started from, with the head of the role: saved there, or zero. */
    record Start() implements ModelSource {}

    /** The shape of what the phase started from, with fresh weights; its head is zero. */
    record Fresh() implements ModelSource {}

    /**
     * A saved model of the same tokenizer, or what a run left.
     *
     * @param path as it was named
     */
    record Saved(Path path) implements ModelSource {}

    /** Reads the key {@code from}; a directory that is called like one of the words is written {@code ./start}. */
    static ModelSource read(ConfigReader own) {
        String from = own.string("from");
        return switch (from) {
            case "start" -> new Start();
            case "fresh" -> new Fresh();
            default -> new Saved(Path.of(from));
        };
    }

    /** The directory, if it is a saved one. */
    default Optional<Path> directory() {
        return this instanceof Saved saved ? Optional.of(saved.path()) : Optional.empty();
    }
}
