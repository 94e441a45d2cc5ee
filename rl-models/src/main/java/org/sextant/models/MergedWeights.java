// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.LowRankAdapter;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;

/** Folds adapters into the weights that they are for: {@code W + s·B·A}, the sums in double. */
final class MergedWeights {
    private MergedWeights() {}

    /** Fills a model that has the same weights and heads, and no adapter. */
    static void fill(Transformer adapted, List<Parameter> whole, Kernels kernels) {
        Map<String, Parameter> byName = new HashMap<>();
        adapted.parameters().forEach(p -> byName.put(p.name(), p));
        whole.forEach(p -> copy(byName.get(p.name()).value(), p.value(), kernels));
        whole.forEach(p -> byName.put(p.name(), p));
        for (Transformer.Adapted a : adapted.adapted()) {
            add(a.adapter(), byName.get(a.weight().name()).value(), kernels);
        }
    }

    private static void copy(Tensor from, Tensor to, Kernels kernels) {
        double[] row = new double[from.columns()];
        for (int r = 0; r < from.rows(); r++) {
            kernels.readRow(from, r, row);
            kernels.writeRow(to, r, row);
        }
    }

    private static void add(LowRankAdapter adapter, Tensor weight, Kernels kernels) {
        int rank = adapter.down().value().rows();
        double[][] down = new double[rank][weight.columns()];
        for (int k = 0; k < rank; k++) {
            kernels.readRow(adapter.down().value(), k, down[k]);
        }
        double[] up = new double[rank];
        double[] row = new double[weight.columns()];
        for (int r = 0; r < adapter.up().value().rows(); r++) {
            kernels.readRow(adapter.up().value(), r, up);
            kernels.readRow(weight, adapter.firstColumn() + r, row);
            for (int k = 0; k < rank; k++) {
                double factor = adapter.scale() * up[k];
                for (int c = 0; c < row.length; c++) {
                    row[c] += factor * down[k][c];
                }
            }
            kernels.writeRow(weight, adapter.firstColumn() + r, row);
        }
    }
}
