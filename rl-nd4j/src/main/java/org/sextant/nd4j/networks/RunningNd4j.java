// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Device;
import org.sextant.nd4j.backend.Backend;

/** ND4J for networks: on the CPU, unless the run's kernels have started it on a GPU. */
final class RunningNd4j {
    private RunningNd4j() {}

    /** @throws ModelFileException if ND4J does not run here, with the reason */
    static Backend start() {
        try {
            return Backend.use(Backend.whyNot(Device.CPU).isEmpty() ? Device.CPU : Device.AUTO);
        } catch (UnsupportedOperationException e) {
            throw new ModelFileException("networks of Deeplearning4j need ND4J: " + e.getMessage(), e);
        }
    }
}
