// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

/** How the cases of one method are worked out here: reads the inputs, calls the training classes and compares with the outputs. */
@FunctionalInterface
interface Replay {
    /**
     * Fails with {@link NotOffered} where the case asks for something that Sextant does not have (yet); any other exception fails the
     * case.
     */
    void replay(Case given, Check check, Engine engine);
}
