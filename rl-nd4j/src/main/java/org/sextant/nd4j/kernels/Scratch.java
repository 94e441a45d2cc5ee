// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Memory for what a primitive computes on its way, grown to the largest size seen and then reused. Contents are undefined. */
final class Scratch {
    /** Who uses it; two that are in use at once have different names. */
    enum Slot {
        A,
        B,
        C,
        D,
        QUERIES,
        KEYS,
        VALUES,
        OUTPUTS,
        QUERY_GRADIENTS,
        KEY_GRADIENTS,
        VALUE_GRADIENTS,
        ROWS,
        MORE_ROWS,
        HEAD_ROWS,
        MASK,
        WEIGHT,
        ONES,
        POSITIONS,
        ROUNDED(DataType.BFLOAT16),
        DOUBLES(DataType.DOUBLE);

        private final DataType type;

        Slot() {
            this(DataType.FLOAT);
        }

        Slot(DataType type) {
            this.type = type;
        }
    }

    private static final int KEPT = 32;

    private final Nd4jArena arena;
    private final Map<Slot, Room> rooms = new EnumMap<>(Slot.class);

    private record Shape(long rows, long columns) {}

    private static final class Room {
        private INDArray numbers;
        private long length;
        private final Map<Shape, INDArray> views = new HashMap<>();
    }

    Scratch(Nd4jArena arena) {
        this.arena = arena;
    }

    /** Numbers in a row, at least so many. */
    INDArray numbers(Slot slot, long length) {
        Room room = rooms.computeIfAbsent(slot, s -> new Room());
        if (room.numbers == null || room.length < length) {
            grow(slot, room, length);
        }
        return room.numbers;
    }

    INDArray matrix(Slot slot, long rows, long columns) {
        INDArray numbers = numbers(slot, rows * columns);
        Map<Shape, INDArray> views = rooms.get(slot).views;
        if (views.size() == KEPT) {
            views.clear();
        }
        return views.computeIfAbsent(new Shape(rows, columns), s -> Views.matrix(numbers, 0, rows, columns));
    }

    /** A column of ones: a product with it is a sum, several times as fast as ND4J's own. */
    INDArray ones(long length) {
        Room room = rooms.get(Slot.ONES);
        if (room == null || room.length < length) {
            numbers(Slot.ONES, Math.max(1024, 2 * length)).assign(1);
        }
        return matrix(Slot.ONES, length, 1);
    }

    /** 0, 1, 2 … as floats. */
    INDArray counted(int length) {
        Room room = rooms.get(Slot.POSITIONS);
        if (room == null || room.length < length) {
            INDArray numbers = numbers(Slot.POSITIONS, Math.max(1024, 2L * length));
            numbers.assign(Nd4j.arange(numbers.length()));
        }
        return numbers(Slot.POSITIONS, length);
    }

    private void grow(Slot slot, Room room, long length) {
        DataType type = slot.type;
        long more = room.numbers == null ? length : Math.max(length, room.length + room.length / 4);
        if (room.numbers != null) {
            room.views.clear();
            arena.giveBack(room.numbers, room.length * type.width());
        }
        room.numbers = arena.made("scratch " + slot, type, more * type.width(), more);
        room.length = more;
    }
}
