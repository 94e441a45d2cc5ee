// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width, and vectors in and out of memory off the heap. The width is a constant of the class, because the
 * compiler turns vector operations into instructions only then: it is chosen once, when the class is loaded, and a
 * second width in one process needs a second class loader (the tests do that).
 *
 * <p>Addresses are absolute and unchecked, like a pointer; {@link Shapes} and {@link VectorTensor#of} are the checks.
 */
final class Lanes {
    /** System property that forces a width of 256 or 512 bit instead of the machine's own. */
    static final String BITS_PROPERTY = "sextant.vector.bits";

    static final VectorSpecies<Float> SPECIES = species();
    static final int COUNT = SPECIES.length();
    static final int BYTES = COUNT * Float.BYTES;

    static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

    /** All memory; an offset is an address. */
    static final MemorySegment MEMORY = wholeMemory();

    static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final VectorMask<Float>[] FIRST = masks();

    /** Numbers from which on a copy is left to the library. */
    private static final int BULK = 256;

    private Lanes() {}

    private static VectorSpecies<Float> species() {
        int bits = Integer.getInteger(BITS_PROPERTY, Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize()));
        return switch (bits) {
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default -> throw new UnsupportedOperationException("vectors of " + bits + " bit: 256 or 512 are needed");
        };
    }

    @SuppressWarnings("restricted")
    private static MemorySegment wholeMemory() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static VectorMask<Float>[] masks() {
        VectorMask<Float>[] masks = new VectorMask[COUNT + 1];
        for (int lanes = 0; lanes <= COUNT; lanes++) {
            masks[lanes] = SPECIES.indexInRange(0, lanes);
        }
        return masks;
    }

    /** The first {@code lanes} lanes, 0 … COUNT. */
    static VectorMask<Float> first(int lanes) {
        return FIRST[lanes];
    }

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, address, ORDER);
    }

    /** Zero where the mask is not set. */
    static FloatVector load(long address, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, address, ORDER, mask);
    }

    static void store(FloatVector v, long address) {
        v.intoMemorySegment(MEMORY, address, ORDER);
    }

    static void store(FloatVector v, long address, VectorMask<Float> mask) {
        v.intoMemorySegment(MEMORY, address, ORDER, mask);
    }

    static FloatVector broadcast(float x) {
        return FloatVector.broadcast(SPECIES, x);
    }

    static FloatVector zero() {
        return FloatVector.zero(SPECIES);
    }

    static float get(long address) {
        return MEMORY.get(FLOAT, address);
    }

    static void set(long address, float x) {
        MEMORY.set(FLOAT, address, x);
    }

    static int getInt(long address) {
        return MEMORY.get(INT, address);
    }

    static void setInt(long address, int x) {
        MEMORY.set(INT, address, x);
    }

    static IntVector loadInts(long address) {
        return IntVector.fromMemorySegment(INTS, MEMORY, address, ORDER);
    }

    /** Floats whose upper halves are the lower halves of the lanes: bfloat16 widened. */
    static FloatVector lowerHalves(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    static FloatVector upperHalves(IntVector pairs) {
        return pairs.and(0xffff0000).reinterpretAsFloats();
    }

    static MemorySegment segment(long address, long bytes) {
        return MEMORY.asSlice(address, bytes);
    }

    /** Not onto itself. Short copies by vectors: a call for bulk memory costs more than they do. */
    static void copy(long from, long to, long floats) {
        if (floats > BULK) {
            MemorySegment.copy(MEMORY, from, MEMORY, to, floats * Float.BYTES);
            return;
        }
        int whole = SPECIES.loopBound((int) floats);
        for (int i = 0; i < whole; i += COUNT) {
            store(load(from + (long) i * Float.BYTES), to + (long) i * Float.BYTES);
        }
        for (int i = whole; i < floats; i++) {
            set(to + (long) i * Float.BYTES, get(from + (long) i * Float.BYTES));
        }
    }

    /** Copies, and returns where to. */
    static long moved(long from, long to, long floats) {
        copy(from, to, floats);
        return to;
    }

    /** By vectors: most of these copies are short, and a call for bulk memory costs more. */
    static void copy(long from, float[] to, int at, int floats) {
        int whole = SPECIES.loopBound(floats);
        for (int i = 0; i < whole; i += COUNT) {
            load(from + (long) i * Float.BYTES).intoArray(to, at + i);
        }
        for (int i = whole; i < floats; i++) {
            to[at + i] = get(from + (long) i * Float.BYTES);
        }
    }

    /** Whole vectors. */
    static void copy(float[] from, int at, long to, int floats) {
        for (int i = 0; i < floats; i += COUNT) {
            store(FloatVector.fromArray(SPECIES, from, at + i), to + (long) i * Float.BYTES);
        }
    }

    static void zero(long address, long floats) {
        long whole = floats - floats % COUNT;
        for (long i = 0; i < whole; i += COUNT) {
            store(zero(), address + i * Float.BYTES);
        }
        for (long i = whole; i < floats; i++) {
            set(address + i * Float.BYTES, 0);
        }
    }

    /** The sum of the lanes in double, in one fixed order (the order of {@code reduceLanes} is not specified). */
    static double sum(FloatVector v) {
        double low = ((double) v.lane(0) + v.lane(1) + v.lane(2) + v.lane(3))
                + ((double) v.lane(4) + v.lane(5) + v.lane(6) + v.lane(7));
        if (COUNT == 8) {
            return low;
        }
        return low
                + (((double) v.lane(8) + v.lane(9) + v.lane(10) + v.lane(11))
                        + ((double) v.lane(12) + v.lane(13) + v.lane(14) + v.lane(15)));
    }
}
