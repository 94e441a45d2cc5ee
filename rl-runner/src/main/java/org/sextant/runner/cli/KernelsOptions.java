// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.runner.config.Nearest;
import org.sextant.runner.wiring.ChosenKernels;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options of the commands that compute without an experiment. */
final class KernelsOptions {
    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, vector, reference or nd4j; default: ${DEFAULT-VALUE}.")
    private KernelsChoice kernels;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, cpu or cuda, for kernels that know more than the CPU; default: ${DEFAULT-VALUE}.")
    private Device device;

    /**
     * The caller closes them.
     *
     * @param threads 0 for one on each core
     */
    Kernels open(int threads) {
        return ChosenKernels.open(kernels, device, threads);
    }

    /** Reads a name on the command line. */
    static KernelsChoice kernels(String name) {
        if (!KernelsChoice.names().contains(name)) {
            throw new CommandLine.TypeConversionException("found '" + name + "'; expected one of "
                    + String.join(", ", KernelsChoice.names()) + Nearest.hint(name, KernelsChoice.names()));
        }
        return KernelsChoice.of(name);
    }
}
