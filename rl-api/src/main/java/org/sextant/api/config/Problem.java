// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.config;

/**
 * One thing wrong with a configuration.
 *
 * @param origin file and line, or {@code command line --set}
 * @param path full path of the key; empty if the whole file is meant
 * @param message what was found, what is allowed, and the nearest match if there is one
 */
public record Problem(String origin, String path, String message) {
    @Override
    public String toString() {
        return origin + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
