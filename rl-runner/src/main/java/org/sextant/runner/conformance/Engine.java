// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.nio.file.Path;
import org.sextant.models.kernels.Kernels;

/**
 * What a replay computes with.
 *
 * @param kernels for vocabulary reductions, samplers and models; tape, credit and statistics are in double whatever these are
 * @param folder of the case file, for the weights beside it
 */
record Engine(Kernels kernels, Path folder) {
    /** How exactly these kernels can agree with numbers in double. */
    Precision precision() {
        return kernels.roundOff() < 1e-12 ? Precision.DOUBLE : Precision.FLOAT;
    }
}
