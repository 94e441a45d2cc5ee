// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

/** The plugins that were found do not fit together. */
public final class WiringException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WiringException(String message, Throwable cause) {
        super(message, cause);
    }
}
