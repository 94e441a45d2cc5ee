// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

/** What was wrong in the first place. */
final class Causes {
    private Causes() {}

    /** What the innermost cause says, in one line. */
    static String root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        String said = message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
        return said.lines().findFirst().orElseThrow().strip();
    }
}
