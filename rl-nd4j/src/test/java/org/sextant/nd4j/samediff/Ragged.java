// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.samediff;

import java.util.Random;
import java.util.stream.IntStream;
import org.sextant.api.experience.Layout;

/**
 * Rows of every length, among them rows without tokens and rows of which no token counts, and the dense matrices that say the same.
 *
 * @param counts tokens that count
 */
record Ragged(Layout layout, boolean[] counts) {
    static Ragged random(int rows, Random random) {
        Layout layout = Layout.ofLengths(random.ints(rows, 0, 9).toArray());
        boolean[] counts = new boolean[layout.tokens()];
        for (int row = 0; row < rows; row++) {
            int prompt = random.nextInt(4);
            for (int t = layout.start(row) + prompt; t < layout.end(row); t++) {
                counts[t] = random.nextInt(8) > 0;
            }
        }
        return new Ragged(layout, counts);
    }

    /** [rows][tokens]: sums what counts. */
    double[][] rowSums() {
        double[][] sums = new double[layout.rows()][layout.tokens()];
        int[] row = layout.rowOfToken();
        for (int t = 0; t < row.length; t++) {
            sums[row[t]][t] = counts[t] ? 1 : 0;
        }
        return sums;
    }

    /** [tokens][rows]: gives each token its row's number. */
    double[][] rowToTokens() {
        return oneHot(layout.rowOfToken(), layout.rows());
    }

    /** How many tokens of each row count. */
    double[] lengths() {
        double[] lengths = new double[layout.rows()];
        int[] row = layout.rowOfToken();
        for (int t = 0; t < row.length; t++) {
            lengths[row[t]] += counts[t] ? 1 : 0;
        }
        return lengths;
    }

    /** The numbers of the tokens that count. */
    double[] counted(double[] byToken) {
        return IntStream.range(0, byToken.length)
                .filter(t -> counts[t])
                .mapToDouble(t -> byToken[t])
                .toArray();
    }

    /** [index.length][size]: takes the numbers at these places. */
    static double[][] oneHot(int[] index, int size) {
        double[][] matrix = new double[index.length][size];
        for (int i = 0; i < index.length; i++) {
            matrix[i][index[i]] = 1;
        }
        return matrix;
    }

    static double[] gaussians(int n, double scale, Random random) {
        return random.doubles(n, 0, 1).map(_ -> scale * random.nextGaussian()).toArray();
    }
}
