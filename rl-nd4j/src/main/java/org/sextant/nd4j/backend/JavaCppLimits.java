// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import java.util.Properties;
import org.nd4j.common.config.ND4JSystemProperties;

/**
 * What JavaCPP, which ND4J allocates through, allows a process: of its own accord four times the heap's limit in resident memory. Arrays lie
 * off the heap, so a big model and a small heap would be refused.
 */
final class JavaCppLimits {
    /** JavaCPP checks limits above 0 alone; it fails to start on a sign. */
    private static final String NONE = "0";

    private JavaCppLimits() {}

    /** Leaves limits that the user has set. JavaCPP reads them once, when its first class is loaded. */
    static void lift(Properties system) {
        lift(system, ND4JSystemProperties.JAVACPP_MEMORY_MAX_BYTES, "org.bytedeco.javacpp.maxBytes");
        lift(system, ND4JSystemProperties.JAVACPP_MEMORY_MAX_PHYSICAL_BYTES, "org.bytedeco.javacpp.maxPhysicalBytes");
    }

    /** The other spelling wins in JavaCPP where both are set. */
    private static void lift(Properties system, String limit, String otherSpelling) {
        if (system.getProperty(otherSpelling) == null) {
            system.putIfAbsent(limit, NONE);
        }
    }
}
