// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.List;
import org.sextant.api.random.Stream;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;

/**
 * Initial weights after GPT-2 (Radford et al. 2019): matrices normal(0, 0.02), the two projections of each block that write to the residual stream
 * divided by √(2·layers), norms 1, biases 0; an adapter as PEFT does:
 * A uniform within ±1/√in, B 0. Drawn in the order of the parameters and rounded to float, so that every kind of kernels starts alike.
 */
final class FreshWeights {
    private static final double SPREAD = 0.02;
    private static final List<String> WRITES_TO_STREAM = List.of("o_proj.weight", "down_proj.weight", "c_proj.weight");

    private FreshWeights() {}

    static void draw(Transformer transformer, List<Parameter> parameters, Stream stream) {
        double residual = SPREAD / Math.sqrt(2.0 * transformer.config().layers());
        for (Parameter p : parameters) {
            fill(transformer.kernels(), p, spread(p, residual), stream);
        }
    }

    private static double spread(Parameter p, double residual) {
        return WRITES_TO_STREAM.stream().anyMatch(p.name()::endsWith) ? residual : SPREAD;
    }

    private static void fill(Kernels kernels, Parameter p, double spread, Stream stream) {
        double[] row = new double[p.value().columns()];
        for (int r = 0; r < p.value().rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                row[c] = switch (p.kind()) {
                    case NORM -> 1;
                    case BIAS -> 0;
                    case MATRIX -> (float) (spread * stream.nextGaussian());
                    case DOWN -> (float) ((2 * stream.nextDouble() - 1) / Math.sqrt(row.length));
                    case UP -> 0;
                };
            }
            kernels.writeRow(p.value(), r, row);
        }
    }
}
