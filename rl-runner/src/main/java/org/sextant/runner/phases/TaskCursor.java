// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.ArrayList;
import java.util.List;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

/**
 * Which training questions come next. A finite task is shuffled anew for each pass; an endless one is read in order. What a step gets is a
 * function of its position alone, so there is no state to lose.
 */
final class TaskCursor {
    private final Task task;
    private final Streams streams;
    private final int phase;
    private final long size;
    private long shuffledPass = -1;
    private int[] order;

    TaskCursor(Task task, Streams streams, int phase) {
        this.task = task;
        this.streams = streams;
        this.phase = phase;
        this.size = task.size(Split.TRAIN);
        if (size < 1) {
            throw new IllegalArgumentException("task '" + task.name() + "' has no training questions");
        }
    }

    /** Questions {@code first … first + count - 1} of the phase. */
    List<Item> items(long first, int count) {
        List<Item> items = new ArrayList<>(count);
        for (long position = first; position < first + count; position++) {
            items.add(task.item(Split.TRAIN, index(position)));
        }
        return items;
    }

    private long index(long position) {
        if (size > Integer.MAX_VALUE) {
            return position;
        }
        long pass = position / size;
        if (pass != shuffledPass) {
            order = streams.open(new StreamKey("shuffle", phase, pass, 0)).permutation((int) size);
            shuffledPass = pass;
        }
        return order[(int) (position % size)];
    }
}
