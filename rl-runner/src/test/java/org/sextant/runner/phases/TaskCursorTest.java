// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.random.Streams;

class TaskCursorTest {
    private record Numbered(long size) implements Task {
        @Override
        public String name() {
            return "numbered";
        }

        @Override
        public long size(Split split) {
            return size;
        }

        @Override
        public Item item(Split split, long index) {
            return new Item(Long.toString(index), "", "", Optional.empty(), "any", Map.of());
        }
    }

    private static List<String> ids(TaskCursor cursor, long first, int count) {
        return cursor.items(first, count).stream().map(Item::id).toList();
    }

    @Test
    void everyPassSeesEveryQuestionOnceInANewOrder() {
        TaskCursor cursor = new TaskCursor(new Numbered(20), new Streams(3), 0);
        List<String> first = ids(cursor, 0, 20);
        List<String> second = ids(cursor, 20, 20);

        assertThat(first).doesNotHaveDuplicates();
        assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
    }

    @Test
    void aPositionGivesTheSameQuestionsWhateverCameBefore() {
        List<String> straight = new ArrayList<>(ids(new TaskCursor(new Numbered(7), new Streams(3), 1), 0, 30));
        TaskCursor resumed = new TaskCursor(new Numbered(7), new Streams(3), 1);

        assertThat(ids(resumed, 12, 18)).isEqualTo(straight.subList(12, 30));
        assertThat(ids(resumed, 0, 12)).isEqualTo(straight.subList(0, 12));
    }

    @Test
    void anEndlessTaskIsReadInOrder() {
        TaskCursor cursor = new TaskCursor(new Numbered(Long.MAX_VALUE), new Streams(3), 0);

        assertThat(ids(cursor, 5_000_000_000L, 3)).containsExactly("5000000000", "5000000001", "5000000002");
    }
}
