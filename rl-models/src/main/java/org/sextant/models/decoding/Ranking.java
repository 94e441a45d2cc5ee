// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

/**
 * Scratch space of one vocabulary, reused for every token: the softmax of scores, and ids from the largest key to the smallest without
 * sorting those that nobody asks for (a binary heap). One thread uses it.
 */
public final class Ranking {
    private final double[] probabilities;
    private final double[] keys;
    private final int[] heap;
    private int size;
    private double maximum;
    private double logSum;

    /** @param vocabulary number of ids, the length of every array of scores */
    public Ranking(int vocabulary) {
        probabilities = new double[vocabulary];
        keys = new double[vocabulary];
        heap = new int[vocabulary];
    }

    /** The largest score. Fails if none is finite or one is not a number: no token could be chosen. */
    static double maximum(double[] scores) {
        double maximum = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            maximum = Math.max(maximum, score);
        }
        if (!Double.isFinite(maximum)) {
            throw new IllegalStateException(
                    "no token can be chosen: the largest of " + scores.length + " scores is " + maximum
                            + ", it must be finite; loosen what excludes tokens (suppressed, no-repeat-ngram,"
                            + " min-length) or check the model's weights");
        }
        return maximum;
    }

    /** Softmax of scores, where −∞ gives 0; fails like {@link #maximum}. The array returned is valid until the next call. */
    public double[] softmax(double[] scores) {
        requireLength(scores);
        maximum = maximum(scores);
        double sum = 0;
        for (int id = 0; id < scores.length; id++) {
            probabilities[id] = Math.exp(scores[id] - maximum);
            sum += probabilities[id];
        }
        for (int id = 0; id < scores.length; id++) {
            probabilities[id] /= sum;
        }
        logSum = Math.log(sum);
        return probabilities;
    }

    /** log softmax of one score of the array that {@link #softmax} saw last. */
    double logProb(double score) {
        return score - maximum - logSum;
    }

    /** An array to put the keys of {@link #rank} in. */
    double[] keys() {
        return keys;
    }

    /** Starts an enumeration of ids by descending key; keys of −∞ are left out. The keys must not change before it ends. */
    void rank(double[] by) {
        requireLength(by);
        if (by != keys) {
            System.arraycopy(by, 0, keys, 0, by.length);
        }
        size = 0;
        for (int id = 0; id < keys.length; id++) {
            if (keys[id] > Double.NEGATIVE_INFINITY) {
                heap[size++] = id;
            }
        }
        for (int at = size / 2 - 1; at >= 0; at--) {
            sink(at);
        }
    }

    /** Whether ids are left. */
    boolean hasNext() {
        return size > 0;
    }

    /** The id with the largest key that is left, the lowest id among equals; without taking it. */
    int peek() {
        return heap[0];
    }

    /** Takes {@link #peek}. */
    int next() {
        int first = heap[0];
        heap[0] = heap[--size];
        sink(0);
        return first;
    }

    /** Sets the scores of the ids that are left to −∞. */
    void filterRest(double[] scores) {
        for (int i = 0; i < size; i++) {
            scores[heap[i]] = Double.NEGATIVE_INFINITY;
        }
    }

    private void sink(int from) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], heap[at])) {
                return;
            }
            int id = heap[at];
            heap[at] = heap[child];
            heap[child] = id;
            at = child;
        }
    }

    private boolean before(int a, int b) {
        return keys[a] > keys[b] || (keys[a] == keys[b] && a < b);
    }

    private void requireLength(double[] scores) {
        if (scores.length != keys.length) {
            throw new IllegalArgumentException(
                    scores.length + " scores for a vocabulary of " + keys.length + ": one score for each id is needed");
        }
    }
}
