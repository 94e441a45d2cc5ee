// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.decoding.NextTokens;
import org.sextant.models.files.ModelFileException;

/** Finds out by trying whether a graph is a policy: rows of random tokens, looked at in other ways that must not matter. */
final class Probe {
    private static final int LENGTH = 32;
    /** Most that a weight is moved by while it is tried. */
    private static final double NOISE = 0.25;
    /** Differences of rounding, beside what a token changes. */
    private static final double ROUNDING = 1e-4;

    private final GraphNetwork network;
    private final int ids;
    private final int length;
    private final SplittableRandom random = new SplittableRandom(2718);

    /** @param ids random tokens are below this */
    Probe(GraphNetwork network, int ids, int context) {
        this.network = network;
        this.ids = ids;
        this.length = Math.min(LENGTH, context);
    }

    /** @throws ModelFileException if the graph does not say as many ids as it reads, or heads are not one number a token */
    void requireLogits(GraphInput input, int vocabulary) {
        if (input.oneHot() ? input.ids() != vocabulary : input.ids() < vocabulary) {
            throw new ModelFileException("the graph reads " + input.ids() + " ids and says " + vocabulary
                    + ": logits must have one number for each id that it reads");
        }
        network.shape().heads().forEach(head -> {
            int width = network.said(List.of(row())).get(head.key()).width();
            if (width != 1) {
                throw new ModelFileException(
                        "the output '" + head.key() + "' has " + width + " numbers a token; a head has one");
            }
        });
    }

    /** @throws ModelFileException if a weight, or something that the graph says, is no number */
    void requireFinite() {
        network.said(List.of(row())).forEach((output, columns) -> {
            for (int t = 0; t < length; t++) {
                for (int v = 0; v < columns.width(); v++) {
                    if (!Double.isFinite(columns.get(0, v, t))) {
                        throw new ModelFileException("the graph says " + columns.get(0, v, t) + " in its output '"
                                + output + "': its weights are not finite numbers, or too large");
                    }
                }
            }
        });
    }

    /** Does something with weights moved at random and back again: a head of zeros, as fresh ones may be, would hide what is behind it. */
    <T> T elsewhere(INDArray weights, Supplier<T> use) {
        double[] before = Numbers.of(weights);
        double[] moved = before.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += NOISE * (2 * random.nextDouble() - 1);
        }
        weights.assign(Numbers.array(moved, weights.dataType(), weights.shape()));
        try {
            return use.get();
        } finally {
            weights.assign(Numbers.array(before, weights.dataType(), weights.shape()));
        }
    }

    private int[] row() {
        return random.ints(length, 0, ids).toArray();
    }

    /**
     * Changes the tokens from each position on: nothing that is said before may move.
     *
     * @throws ModelFileException that names the position and the output
     */
    void requireCausal() {
        List<int[]> rows = new ArrayList<>(List.of(row()));
        for (int from = 1; from < length; from++) {
            int[] other = rows.getFirst().clone();
            for (int t = from; t < length; t++) {
                other[t] = (other[t] + 1 + random.nextInt(Math.max(1, ids - 1))) % ids;
            }
            rows.add(other);
        }
        Map<String, Columns> said = network.said(rows);
        said.forEach((output, columns) -> {
            for (int from = 1; from < length; from++) {
                for (int t = 0; t < from; t++) {
                    requireSame(output, columns, t, from);
                }
            }
        });
    }

    private static void requireSame(String output, Columns columns, int t, int changed) {
        for (int v = 0; v < columns.width(); v++) {
            if (differ(columns.get(0, v, t), columns.get(changed, v, t))) {
                throw new ModelFileException("the graph sees the future: the output '" + output + "' after token " + t
                        + " changes when the tokens from " + changed
                        + " on do, so it cannot say what comes next; take out what looks ahead, such as Bidirectional,"
                        + " unmasked attention, a mean over time, or a convolution that is not causal");
            }
        }
    }

    private static boolean differ(double one, double other) {
        return !(Math.abs(one - other) <= ROUNDING * (1 + Math.abs(one)));
    }

    /** @throws ModelFileException if what is said of a row depends on the rows beside it, or on whether it is trained on */
    void requireAlone() {
        List<int[]> rows = List.of(row(), row(), Arrays.copyOf(row(), Math.max(1, length / 2)));
        Map<String, Columns> trained = network.trained(rows, OptionalLong.empty());
        for (int r = 0; r < rows.size(); r++) {
            Map<String, Columns> alone = network.said(List.of(rows.get(r)));
            for (String output : alone.keySet()) {
                requireSame(output, rows.get(r).length, alone.get(output), trained.get(output), r);
            }
        }
    }

    private static void requireSame(String output, int length, Columns alone, Columns together, int row) {
        for (int t = 0; t < length; t++) {
            for (int v = 0; v < alone.width(); v++) {
                if (differ(alone.get(0, v, t), together.get(row, v, t))) {
                    throw new ModelFileException("what the graph says about a row depends on the rows beside it, or on"
                            + " whether it is trained on: the output '" + output + "' after token " + t + " is "
                            + alone.get(0, v, t) + " alone and " + together.get(row, v, t)
                            + " in a batch that is trained on; take out what mixes rows, such as BatchNormalization");
                }
            }
        }
    }

    /** The steps, if they say the same token by token as the graph says of whole rows. */
    Optional<SteppedGraph> steps(SteppedGraph steps) {
        int[] tokens = row();
        Columns whole = network.said(List.of(tokens)).get(steps.output());
        try {
            double[] state = steps.begin();
            double[][] logits = new double[1][whole.width()];
            for (int t = 0; t < length; t++) {
                steps.feed(List.of(new NextTokens.Piece<>(state, tokens, t, t + 1)), logits);
                for (int v = 0; v < whole.width(); v++) {
                    if (differ(whole.get(0, v, t), logits[0][v])) {
                        return Optional.empty();
                    }
                }
            }
            return Optional.of(steps);
        } catch (RuntimeException e) {
            // Layers that cannot step say so in many ways.
            return Optional.empty();
        }
    }
}
