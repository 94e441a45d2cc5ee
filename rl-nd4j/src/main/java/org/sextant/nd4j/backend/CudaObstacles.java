// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sextant.nd4j.backend.CudaProbe.Card;
import org.sextant.nd4j.backend.CudaProbe.Devices;

/** Why ND4J cannot compute on a GPU here, as one sentence. */
final class CudaObstacles {
    static final String NOT_IN_BUILD =
            "ND4J's CUDA backend is not in this build: build with 'mvn -Pcuda package', or start with RL_PROFILES=cuda"
                    + " ./rl.";

    private static final String REDISTRIBUTABLE = "org.bytedeco:cuda:11.6-8.3-1.5.7:linux-x86_64-redist";
    private static final Pattern MISSING_LIBRARY =
            Pattern.compile("(lib[\\w+-]+\\.so[.\\d]*): cannot open shared object file");

    /** Status codes of CUDA's runtime. */
    private static final int INSUFFICIENT_DRIVER = 35;

    private static final int NO_DEVICE = 100;

    private CudaObstacles() {}

    /** Asks no more than it needs: what is loaded stays in the process. */
    static Optional<String> find(CudaProbe probe) {
        if (!probe.isInBuild()) {
            return Optional.of(NOT_IN_BUILD);
        }
        return probe.runtimeError()
                .map(CudaObstacles::notLoaded)
                .or(() -> among(probe.devices()))
                .or(() -> ofCapability(probe.card()))
                .or(() -> probe.kernelsError().map(CudaObstacles::notLoaded));
    }

    private static String notLoaded(String error) {
        Matcher missing = MISSING_LIBRARY.matcher(error);
        if (!missing.find()) {
            return "CUDA cannot be loaded: " + error.replaceFirst("\\.+$", "") + ".";
        }
        String library = missing.group(1);
        if (library.startsWith("libcuda.so")) {
            return "There is no NVIDIA driver on this machine: " + library + " cannot be loaded.";
        }
        return "CUDA 11 is incomplete on this machine: " + library + " cannot be loaded; put " + REDISTRIBUTABLE
                + " on the class path, as -Pcuda does, or install CUDA 11.6.";
    }

    private static Optional<String> among(Devices devices) {
        String returned = "cudaGetDeviceCount returned " + devices.status();
        return switch (devices.status()) {
            case 0 ->
                devices.count() > 0
                        ? Optional.empty()
                        : Optional.of("There is no NVIDIA GPU on this machine: cudaGetDeviceCount found none.");
            case NO_DEVICE -> Optional.of("There is no NVIDIA GPU on this machine: " + returned + ".");
            case INSUFFICIENT_DRIVER ->
                Optional.of("The NVIDIA driver is older than CUDA 11.6 allows: " + returned + "; update the driver.");
            default ->
                Optional.of("The NVIDIA GPU cannot be used: " + returned + "; see whether nvidia-smi lists the GPU.");
        };
    }

    /** Code for x.y runs on x.z with z ≥ y; there is no intermediate code that a driver could translate for others. */
    private static Optional<String> ofCapability(Card card) {
        boolean runs = card.major() == 3 ? card.minor() >= 7 : card.major() >= 5 && card.major() <= 8;
        return runs
                ? Optional.empty()
                : Optional.of(card.name() + " has compute capability " + card.major() + "." + card.minor()
                        + ", which is not in this build: ND4J's CUDA backend has code for 3.7 and 5.0 to 8.9.");
    }
}
