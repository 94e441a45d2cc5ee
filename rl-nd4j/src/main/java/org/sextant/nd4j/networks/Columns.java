// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Numbers of a graph's output [rows, width, time], read at once: single reads from an ND4J array cost microseconds. */
final class Columns {
    private final int width;
    private final int time;
    private final double[] numbers;

    private Columns(int width, int time, double[] numbers) {
        this.width = width;
        this.time = time;
        this.numbers = numbers;
    }

    /** @param output of one token a row it may be [rows, width] */
    static Columns of(INDArray output) {
        int time = output.rank() == 2 ? 1 : (int) output.size(2);
        return new Columns((int) output.size(1), time, Numbers.of(output));
    }

    /** As many zeros. */
    Columns zeros() {
        return new Columns(width, time, new double[numbers.length]);
    }

    int width() {
        return width;
    }

    double get(int row, int index, int t) {
        return numbers[(row * width + index) * time + t];
    }

    void read(int row, int t, double[] into) {
        for (int v = 0; v < into.length; v++) {
            into[v] = get(row, v, t);
        }
    }

    void add(int row, int index, int t, double number) {
        numbers[(row * width + index) * time + t] += number;
    }

    INDArray array(DataType type) {
        long rows = numbers.length / ((long) width * time);
        return Numbers.array(numbers, type, rows, width, time);
    }
}
