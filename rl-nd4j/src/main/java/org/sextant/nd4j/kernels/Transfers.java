// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The one way of numbers between Java and the backend's memory, and how often it is taken: on a GPU each is a copy over the bus. Arrays that are
 * written or read here have a copy on the side of the host, so they are few and small; weights and activations pass through in pieces.
 */
public final class Transfers {
    private final Nd4jArena arena;
    private INDArray ints;
    private INDArray floats;
    private Counts counts = new Counts(0, 0, 0, 0);

    /**
     * What has passed since the kernels were opened.
     *
     * @param uploads calls towards the backend
     * @param uploadedBytes of them
     * @param downloads calls towards Java
     * @param downloadedBytes of them
     */
    public record Counts(long uploads, long uploadedBytes, long downloads, long downloadedBytes) {
        /** What has passed since an earlier count. */
        public Counts since(Counts earlier) {
            return new Counts(
                    uploads - earlier.uploads,
                    uploadedBytes - earlier.uploadedBytes,
                    downloads - earlier.downloads,
                    downloadedBytes - earlier.downloadedBytes);
        }

        private Counts uploaded(long bytes) {
            return new Counts(uploads + 1, uploadedBytes + bytes, downloads, downloadedBytes);
        }

        private Counts downloaded(long bytes) {
            return new Counts(uploads, uploadedBytes, downloads + 1, downloadedBytes + bytes);
        }
    }

    Transfers(Nd4jArena arena) {
        this.arena = arena;
    }

    Counts counts() {
        return counts;
    }

    /** The first {@code n} of some whole numbers, valid until the next call. */
    INDArray ints(int[] from, int n) {
        ints = grown(ints, DataType.INT32, n);
        write(ints, from, n);
        return Views.vector(ints, 0, n);
    }

    /** Writes to the beginning of an array of whole numbers. */
    void write(INDArray array, int[] from, int n) {
        Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
        new IntPointer(array.data().pointer()).put(from, 0, n);
        Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
        counts = counts.uploaded((long) n * Integer.BYTES);
    }

    /** The first {@code n} of some numbers in a row, valid until the next call or {@link #read}. */
    INDArray floats(float[] from, int n) {
        floats = grown(floats, DataType.FLOAT, n);
        Nd4j.getAffinityManager().ensureLocation(floats, AffinityManager.Location.HOST);
        new FloatPointer(floats.data().pointer()).put(from, 0, n);
        Nd4j.getAffinityManager().tagLocation(floats, AffinityManager.Location.HOST);
        counts = counts.uploaded((long) n * Float.BYTES);
        return Views.vector(floats, 0, n);
    }

    /** Room for {@code n} numbers in a row that {@link #read} can read without another copy, valid until the next call. */
    INDArray outgoing(int n) {
        floats = grown(floats, DataType.FLOAT, n);
        return Views.vector(floats, 0, n);
    }

    /** Reads what was put into {@link #outgoing}. */
    void read(float[] into, int n) {
        Nd4j.getExecutioner().commit();
        Nd4j.getAffinityManager().ensureLocation(floats, AffinityManager.Location.HOST);
        new FloatPointer(floats.data().pointer()).get(into, 0, n);
        counts = counts.downloaded((long) n * Float.BYTES);
    }

    /** Reads the first number of an array of doubles. */
    double read(INDArray doubles) {
        Nd4j.getExecutioner().commit();
        Nd4j.getAffinityManager().ensureLocation(doubles, AffinityManager.Location.HOST);
        counts = counts.downloaded(Double.BYTES);
        return new DoublePointer(doubles.data().pointer()).get(0);
    }

    private INDArray grown(INDArray array, DataType type, long n) {
        if (array != null && array.length() >= n) {
            return array;
        }
        if (array != null) {
            arena.giveBack(array, array.length() * type.width());
        }
        long length = Math.max(256, Long.highestOneBit(Math.max(1, n - 1)) << 1);
        return arena.made("transfers of " + type, type, length * type.width(), length);
    }
}
