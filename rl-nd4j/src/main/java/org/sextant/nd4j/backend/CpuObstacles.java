// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** Why ND4J cannot compute on the CPU here, as one sentence. */
final class CpuObstacles {
    private static final String BINDINGS = "org/nd4j/linalg/cpu/nativecpu/bindings/";

    /** The builds that there are for one platform. */
    private static final List<String> EXTENSIONS =
            List.of("", "-onednn", "-avx2", "-onednn-avx2", "-avx512", "-onednn-avx512");

    private CpuObstacles() {}

    /** Looks for the library of this platform on the class path, without loading it. */
    static Optional<String> find() {
        return find(Loader.getPlatform(), CpuObstacles.class.getClassLoader());
    }

    static Optional<String> find(String platform, ClassLoader classPath) {
        String library = System.mapLibraryName("jnind4jcpu");
        boolean there = EXTENSIONS.stream()
                .anyMatch(extension -> classPath.getResource(BINDINGS + platform + extension + "/" + library) != null);
        return there
                ? Optional.empty()
                : Optional.of("ND4J's CPU backend is not in this build for " + platform
                        + ": put org.nd4j:nd4j-native:1.0.0-M2.1:" + platform + " on the class path.");
    }
}
