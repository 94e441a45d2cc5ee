// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.output.SumPiSquared;
import org.sextant.api.output.VocabularyReduction;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.ActivationBuffers;
import org.sextant.models.transformer.HeadBuffers;
import org.sextant.models.transformer.TrainingBuffers;
import org.sextant.models.transformer.Transformer;

/**
 * Reductions over the vocabulary, a chunk of predictions at a time: logits are never held beyond a chunk, and are computed again in the
 * backward pass. {@link LogProb}, {@link Entropy} and {@link SumPiSquared} have a fused kernel; any other reduction sees one row of
 * logits in double.
 */
final class VocabularyOutputs {
    private static final LogProb LOG_PROB = new LogProb();
    private static final Entropy ENTROPY = new Entropy();
    private static final SumPiSquared SUM_PI_SQUARED = new SumPiSquared();

    private final Transformer transformer;
    private final Kernels kernels;
    private final LogitsRow row = new LogitsRow();
    private final int chunkRows;
    private final int[] sources;
    private final double[] logits;
    private final double[] gradient;
    private final double[] sum;

    VocabularyOutputs(Transformer transformer) {
        int vocabulary = transformer.config().vocabulary();
        this.transformer = transformer;
        this.kernels = transformer.kernels();
        this.chunkRows = HeadBuffers.chunkRows(vocabulary);
        this.sources = new int[chunkRows];
        this.logits = new double[vocabulary];
        this.gradient = new double[vocabulary];
        this.sum = new double[vocabulary];
    }

    /** Predictions of some rows and the temperature of their logits. */
    record Asked(Sequences rows, Predictions predictions, double temperature) {
        int count() {
            return predictions.count();
        }
    }

    /** A reduction without a kernel of its own, bound to the batch, with its numbers or their gradient. */
    private record Bound(VocabularyReduction reduction, double[] numbers) {}

    private static List<Bound> withoutKernel(Asked asked, Map<VocabularyReduction, double[]> numbers) {
        return numbers.entrySet().stream()
                .filter(e -> !(e.getKey() instanceof LogProb
                        || e.getKey() instanceof Entropy
                        || e.getKey() instanceof SumPiSquared))
                .map(e -> new Bound(e.getKey().over(asked.rows().batch()), e.getValue()))
                .toList();
    }

    /** @param values receives one number for each prediction */
    void forward(Tensor hidden, Asked asked, Map<VocabularyReduction, double[]> values, ActivationBuffers buffers) {
        List<Bound> others = withoutKernel(asked, values);
        for (int at = 0; at < asked.count() && !values.isEmpty(); at += chunkRows) {
            int n = Math.min(chunkRows, asked.count() - at);
            Tensor z = chunkLogits(hidden, asked, at, n, buffers.head(n));
            kernels.vocabularyStatistics(
                    z,
                    n,
                    asked.predictions().targets(),
                    at,
                    asked.temperature(),
                    values.get(LOG_PROB),
                    values.get(ENTROPY),
                    values.get(SUM_PI_SQUARED));
            for (int i = 0; i < n && !others.isEmpty(); i++) {
                goTo(z, i, asked, at + i);
                for (Bound other : others) {
                    other.numbers()[at + i] = other.reduction().forward(row);
                }
            }
        }
    }

    private Tensor chunkLogits(Tensor hidden, Asked asked, int at, int n, HeadBuffers chunk) {
        System.arraycopy(asked.predictions().sources(), at, sources, 0, n);
        return transformer.logits(hidden, sources, n, chunk);
    }

    /** Points {@link #row} at a prediction. */
    private void goTo(Tensor z, int chunkRow, Asked asked, int prediction) {
        kernels.readRow(z, chunkRow, logits);
        for (int v = 0; v < logits.length; v++) {
            logits[v] /= asked.temperature();
        }
        Predictions p = asked.predictions();
        row.set(logits, p.targets()[prediction], asked.rows().firstToken() + p.positions()[prediction]);
    }

    /** @param gradients of a loss with respect to the numbers of {@link #forward}; adds to {@code dHidden} and the head's weight */
    void backward(
            Tensor hidden,
            Asked asked,
            Map<VocabularyReduction, double[]> gradients,
            TrainingBuffers buffers,
            Tensor dHidden) {
        List<Bound> others = withoutKernel(asked, gradients);
        for (int at = 0; at < asked.count() && !gradients.isEmpty(); at += chunkRows) {
            int n = Math.min(chunkRows, asked.count() - at);
            HeadBuffers chunk = buffers.head(n);
            Tensor z = chunkLogits(hidden, asked, at, n, chunk);
            Tensor dz = chunk.dLogits();
            kernels.vocabularyStatisticsBackward(
                    z,
                    n,
                    asked.predictions().targets(),
                    at,
                    asked.temperature(),
                    gradients.get(LOG_PROB),
                    gradients.get(ENTROPY),
                    gradients.get(SUM_PI_SQUARED),
                    dz);
            for (int i = 0; i < n && !others.isEmpty(); i++) {
                goTo(z, i, asked, at + i);
                addRow(others, at + i, asked.temperature(), dz, i);
            }
            transformer.logitsBackward(dz, sources, n, chunk, dHidden);
        }
    }

    private void addRow(List<Bound> others, int prediction, double temperature, Tensor dz, int chunkRow) {
        Arrays.fill(gradient, 0);
        for (Bound other : others) {
            other.reduction().backward(row, other.numbers()[prediction], gradient);
        }
        kernels.readRow(dz, chunkRow, sum);
        for (int v = 0; v < sum.length; v++) {
            sum[v] += gradient[v] / temperature;
        }
        kernels.writeRow(dz, chunkRow, sum);
    }
}
