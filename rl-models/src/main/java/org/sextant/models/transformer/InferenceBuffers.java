// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;

/** Activations of decoding and scoring: one set for all layers. */
public final class InferenceBuffers extends ActivationBuffers {
    InferenceBuffers(Kernels kernels, BufferPlan plan, String role) {
        super(kernels, plan, role);
    }
}
