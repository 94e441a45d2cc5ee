// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

import java.util.Arrays;

/**
 * Where the rows of a ragged batch begin and end in flat arrays. Row {@code i} owns tokens {@code start(i) … end(i)-1}
 * and states {@code stateStart(i) … stateStart(i)+length(i)}. Immutable.
 */
public final class Layout {
    private final int[] offsets;

    private Layout(int[] offsets) {
        this.offsets = offsets;
    }

    /** @param lengths tokens of each row; zero is allowed */
    public static Layout ofLengths(int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0) {
                throw new IllegalArgumentException("row " + i + " has length " + lengths[i]);
            }
            offsets[i + 1] = Math.addExact(offsets[i], lengths[i]);
        }
        return new Layout(offsets);
    }

    public int rows() {
        return offsets.length - 1;
    }

    public int tokens() {
        return offsets[offsets.length - 1];
    }

    public int states() {
        return tokens() + rows();
    }

    public int start(int row) {
        return offsets[row];
    }

    public int end(int row) {
        return offsets[row + 1];
    }

    public int length(int row) {
        return offsets[row + 1] - offsets[row];
    }

    /** Index of the row's first state in a STATE column. */
    public int stateStart(int row) {
        return offsets[row] + row;
    }

    /** Row of each token. */
    public int[] rowOfToken() {
        int[] row = new int[tokens()];
        for (int i = 0; i < rows(); i++) {
            Arrays.fill(row, start(i), end(i), i);
        }
        return row;
    }

    /** For each token its state, the one it was chosen in: {@code values.gather(layout.stateOfToken(), TOKEN)}. */
    public int[] stateOfToken() {
        int[] state = rowOfToken();
        for (int t = 0; t < state.length; t++) {
            state[t] += t;
        }
        return state;
    }

    /** Numbers that a column of this domain has. */
    public int size(Domain domain) {
        return switch (domain) {
            case SCALAR -> 1;
            case ROW -> rows();
            case TOKEN -> tokens();
            case STATE -> states();
            case VECTOR -> throw new IllegalArgumentException("a VECTOR has a length of its own");
        };
    }

    /** The layout of the chosen rows, in their order. */
    public Layout select(int[] rows) {
        return ofLengths(Arrays.stream(rows).map(this::length).toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout that && Arrays.equals(offsets, that.offsets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return "Layout[" + rows() + " rows, " + tokens() + " tokens]";
    }
}
