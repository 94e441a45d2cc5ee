// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

/** Number format of an implementation or of a case's source; the coarser of both sets the tolerance. */
enum Precision {
    DOUBLE,
    FLOAT;

    Precision coarser(Precision other) {
        return this == FLOAT || other == FLOAT ? FLOAT : DOUBLE;
    }
}
