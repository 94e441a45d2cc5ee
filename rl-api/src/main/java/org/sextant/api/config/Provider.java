// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Makes one kind of part from its block of the configuration. Providers are found by {@link java.util.ServiceLoader},
 * named in a config by {@link #name()}, and asked to {@link #create} only if the config chooses them.
 *
 * @param <T> what is made
 */
public interface Provider<T> {
    /** Name in a config: lower case, hyphens. Two providers of one kind with the same name are an error. */
    String name();

    /** One sentence for {@code ./rl plugins}. */
    String summary();

    /**
     * Default settings as HOCON, merged under the block: every key with a comment on its meaning, unit and range. By
     * default the text of the resource {@code <name>.conf} beside the class.
     */
    default String defaults() {
        String resource = name() + ".conf";
        try (InputStream in = getClass().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("provider " + getClass().getName() + " has no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the block and makes the part. Must not load models or open data: that happens later. */
    T create(ConfigReader own);
}
