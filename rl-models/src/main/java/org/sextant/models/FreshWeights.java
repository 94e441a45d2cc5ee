// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import org.sextant.api.random.Stream;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;

/**
 * Initial weights after GPT-2 (Radford et al. 2019): matrices normal(0, 0.02), the two projections of each block that write to the residual stream
 * divided by √(2·layers), norms 1. Drawn in the order of the parameters and rounded to float, so that every kind of kernels starts alike.
 */
final class FreshWeights {
    private static final double SPREAD = 0.02;

    private FreshWeights() {}

    static void draw(Transformer transformer, Stream stream) {
        double residual = SPREAD / Math.sqrt(2.0 * transformer.config().layers());
        for (Parameter p : transformer.parameters()) {
            boolean writesToStream =
                    p.name().endsWith("o_proj.weight") || p.name().endsWith("down_proj.weight");
            fill(transformer.kernels(), p, writesToStream ? residual : SPREAD, stream);
        }
    }

    private static void fill(Kernels kernels, Parameter p, double spread, Stream stream) {
        double[] row = new double[p.value().columns()];
        boolean norm = !p.decays();
        for (int r = 0; r < p.value().rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                row[c] = norm ? 1 : (float) (spread * stream.nextGaussian());
            }
            kernels.writeRow(p.value(), r, row);
        }
    }
}
