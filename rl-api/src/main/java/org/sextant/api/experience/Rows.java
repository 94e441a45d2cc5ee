// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A choice of rows, in an order; a row may be chosen twice. Immutable. */
public final class Rows {
    private final int[] index;

    private Rows(int[] index) {
        this.index = index;
    }

    public static Rows all(int rows) {
        return new Rows(IntStream.range(0, rows).toArray());
    }

    public static Rows of(int... index) {
        return new Rows(index.clone());
    }

    public static Rows where(int rows, IntPredicate keep) {
        return new Rows(IntStream.range(0, rows).filter(keep).toArray());
    }

    public int count() {
        return index.length;
    }

    /** A copy of the row numbers. */
    public int[] toArray() {
        return index.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rows that && Arrays.equals(index, that.index);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(index);
    }

    @Override
    public String toString() {
        return "Rows" + Arrays.toString(index);
    }
}
