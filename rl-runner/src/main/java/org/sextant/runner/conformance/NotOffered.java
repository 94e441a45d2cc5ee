// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

/** A case asks for a variant that Sextant does not offer; the message names it. The case is skipped. */
final class NotOffered extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotOffered(String what) {
        super(what, null, false, false);
    }
}
