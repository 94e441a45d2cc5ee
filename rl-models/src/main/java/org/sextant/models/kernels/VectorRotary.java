// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Rotary positions by tables. */
final class VectorRotary extends RowWork {
    private final Threads threads;
    private final VectorArena arena;
    private final List<RotaryTable> tables = new ArrayList<>();

    private RotaryTable table;
    private Segments segments;
    private long x;
    private int columns;
    private int heads;
    private int headSize;
    private float sign;

    VectorRotary(Threads threads, VectorArena arena) {
        this.threads = threads;
        this.arena = arena;
    }

    /** Turns the heads that begin at {@code x} in every row of {@code columns} numbers. */
    void run(
            long x,
            int columns,
            int heads,
            int headSize,
            Segments segments,
            double[] frequencies,
            double scaling,
            boolean inverse) {
        this.x = x;
        this.columns = columns;
        this.heads = heads;
        this.headSize = headSize;
        this.segments = segments;
        this.sign = inverse ? -1 : 1;
        table = table(frequencies, scaling);
        for (int s = 0; s < segments.count(); s++) {
            table.reach(segments.past(s) + segments.rows(s));
        }
        launch(threads, segments.totalRows(), (long) heads * headSize);
    }

    private RotaryTable table(double[] frequencies, double scaling) {
        for (int i = 0; i < tables.size(); i++) {
            if (tables.get(i).isOf(frequencies, scaling)) {
                return tables.get(i);
            }
        }
        var made = new RotaryTable(arena, frequencies, scaling);
        tables.add(made);
        return made;
    }

    @Override
    void rows(int from, int to, int worker) {
        for (int s = 0; s < segments.count(); s++) {
            int first = segments.firstRow(s);
            int end = Math.min(to, first + segments.rows(s));
            for (int r = Math.max(from, first); r < end; r++) {
                long angles = table.cosines(segments.past(s) + r - first);
                for (int h = 0; h < heads; h++) {
                    turn(x + ((long) r * columns + (long) h * headSize) * Float.BYTES, angles, headSize / 2, sign);
                }
            }
        }
    }

    private static void turn(long x, long cosines, int half, float sign) {
        long over = (long) half * Float.BYTES;
        int whole = Lanes.SPECIES.loopBound(half);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector cos = Lanes.load(cosines + at);
            FloatVector sin = Lanes.load(cosines + over + at).mul(sign);
            FloatVector a = Lanes.load(x + at);
            FloatVector b = Lanes.load(x + over + at);
            Lanes.store(a.fma(cos, b.mul(sin).neg()), x + at);
            Lanes.store(b.fma(cos, a.mul(sin)), x + over + at);
        }
        if (whole < half) {
            VectorMask<Float> rest = Lanes.first(half - whole);
            long at = (long) whole * Float.BYTES;
            FloatVector cos = Lanes.load(cosines + at, rest);
            FloatVector sin = Lanes.load(cosines + over + at, rest).mul(sign);
            FloatVector a = Lanes.load(x + at, rest);
            FloatVector b = Lanes.load(x + over + at, rest);
            Lanes.store(a.fma(cos, b.mul(sin).neg()), x + at, rest);
            Lanes.store(b.fma(cos, a.mul(sin)), x + over + at, rest);
        }
    }
}
