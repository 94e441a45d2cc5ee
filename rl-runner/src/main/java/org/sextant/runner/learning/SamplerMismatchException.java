// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import java.io.Serial;

/**
 * A log-probability differs between sampling and training although the policy has not changed. It cannot happen with kernels that keep their
 * contract, so it is a defect of the kernels, not of the configuration.
 */
public final class SamplerMismatchException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SamplerMismatchException(String message) {
        super(message);
    }
}
