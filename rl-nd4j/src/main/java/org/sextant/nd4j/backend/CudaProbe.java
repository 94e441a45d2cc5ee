// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import java.util.Optional;

/** What is there of CUDA: facts alone, found when they are asked for. No method throws. */
interface CudaProbe {
    /** What {@code cudaGetDeviceCount} returned, 0 for success, and the number of devices that it found. */
    record Devices(int status, int count) {}

    /** A GPU and its compute capability, such as 8.6. */
    record Card(String name, int major, int minor) {}

    /** Whether ND4J's CUDA backend is on the class path. */
    boolean isInBuild();

    /** Why CUDA's runtime, and with it the driver, cannot be loaded; empty if it is. */
    Optional<String> runtimeError();

    /** To be asked once the runtime is loaded. */
    Devices devices();

    /** The first device; to be asked where there is one. */
    Card card();

    /** Why what ND4J needs beside the runtime, and its own kernels, cannot be loaded; empty if they are. */
    Optional<String> kernelsError();
}
