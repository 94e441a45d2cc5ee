// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Arrays;

/** A NaN or an infinity, reported in the step in which it appeared, with the first tensor that has one and the rows of the batch. */
public final class NonFiniteException extends ArithmeticException {
    private static final long serialVersionUID = 1;
    private static final int ROWS_NAMED = 16;

    private final String tensor;
    private final int[] rows;

    /**
     * @param tensor the first tensor, weight, output or gradient with a number that is not finite
     * @param rows rows of the batch whose numbers are concerned; empty where it is a weight
     */
    public NonFiniteException(String tensor, int[] rows) {
        super("a number is not finite: first in " + tensor + describe(rows)
                + "; lower the learning rate, clip the gradient, or look at these rows");
        this.tensor = tensor;
        this.rows = rows.clone();
    }

    private static String describe(int[] rows) {
        if (rows.length == 0) {
            return "";
        }
        String named = Arrays.toString(Arrays.copyOf(rows, Math.min(rows.length, ROWS_NAMED)));
        return ", batch rows " + named
                + (rows.length > ROWS_NAMED ? " and " + (rows.length - ROWS_NAMED) + " more" : "");
    }

    public String tensor() {
        return tensor;
    }

    /** Rows of the batch, ascending. */
    public int[] rows() {
        return rows.clone();
    }
}
