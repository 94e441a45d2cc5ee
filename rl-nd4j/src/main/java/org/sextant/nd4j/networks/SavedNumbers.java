// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Numbers as {@code Nd4j.write} writes an array: a buffer with the shape, then one with the numbers, each after its kind, length and type. */
final class SavedNumbers {
    /** Rank, then sizes and strides, then three more. */
    private static final int MOST_SHAPE = 2 * 32 + 4;

    private SavedNumbers() {}

    /**
     * All numbers in a row.
     *
     * @param wanted how many; no memory is taken for another number
     */
    static INDArray read(InputStream from, long wanted) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from, 1 << 16));
        in.readUTF();
        long shape = in.readLong();
        if (shape < 1 || shape > MOST_SHAPE || !in.readUTF().equals("LONG")) {
            throw new StreamCorruptedException("its weights have no shape");
        }
        in.skipNBytes(8 * shape);
        in.readUTF();
        long length = in.readLong();
        String type = in.readUTF();
        boolean single = type.equals("FLOAT");
        if (!single && !type.equals("DOUBLE")) {
            throw new StreamCorruptedException("its weights are " + type + "; supported are FLOAT and DOUBLE");
        }
        if (length != wanted || length > Integer.MAX_VALUE - 8) {
            throw new StreamCorruptedException(
                    "it is said to have " + length + " weights, and its configuration has " + wanted);
        }
        return single ? floats(in, (int) length) : doubles(in, (int) length);
    }

    private static INDArray floats(DataInputStream in, int length) throws IOException {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = in.readFloat();
        }
        return Nd4j.createFromArray(numbers).reshape(1, length);
    }

    private static INDArray doubles(DataInputStream in, int length) throws IOException {
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = in.readDouble();
        }
        return Nd4j.createFromArray(numbers).reshape(1, length);
    }
}
