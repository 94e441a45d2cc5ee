// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StateMapTest {
    private final StateMap state = new StateMap();

    @Test
    void readsBackWhatWasWritten() {
        state.put("steps", 3L);
        state.put("kl", 0.25);
        state.put("name", "grpo");
        state.put("moments", new double[] {1, Double.NaN});
        state.put("seen", new long[] {4, 5});
        state.nested("inner").put("steps", 7L);
        assertThat(state.getLong("steps")).isEqualTo(3);
        assertThat(state.getDouble("kl")).isEqualTo(0.25);
        assertThat(state.getString("name")).isEqualTo("grpo");
        assertThat(state.getDoubles("moments")).containsExactly(1, Double.NaN);
        assertThat(state.getLongs("seen")).containsExactly(4, 5);
        assertThat(state.getNested("inner").getLong("steps")).isEqualTo(7);
        assertThatCode(state::assertAllRead).doesNotThrowAnyException();
        assertThat(state.entries()).containsOnlyKeys("steps", "kl", "name", "moments", "seen", "inner");
    }

    @Test
    void aKeyIsWrittenOnce() {
        state.put("steps", 3L);
        assertThatThrownBy(() -> state.put("steps", 4L)).hasMessageContaining("'steps' was written twice");
        assertThat(state.getLong("steps")).isEqualTo(3);
    }

    @Test
    void aKeyThatIsNotThereIsNamedWithThoseThatAre() {
        state.put("steps", 3L);
        assertThat(state.has("step")).isFalse();
        assertThatThrownBy(() -> state.getLong("step"))
                .hasMessageContaining("lacks 'step'")
                .hasMessageContaining("[steps]");
    }

    @Test
    void typesAreNotConverted() {
        state.put("steps", 3L);
        assertThatThrownBy(() -> state.getDouble("steps")).hasMessageContaining("'steps' is Long, not Double");
    }

    @Test
    void whatIsLeftUnreadIsAnError() {
        state.put("steps", 3L);
        StateMap inner = state.nested("inner");
        inner.put("kl", 0.5);
        state.getLong("steps");
        assertThatThrownBy(state::assertAllRead).hasMessageContaining("[inner]");
        state.getNested("inner");
        assertThatThrownBy(state::assertAllRead).hasMessageContaining("[kl]");
        inner.getDouble("kl");
        assertThatCode(state::assertAllRead).doesNotThrowAnyException();
    }

    @Test
    void arraysAreCopiedInAndOut() {
        double[] moments = {1, 2};
        state.put("moments", moments);
        moments[0] = 9;
        state.getDoubles("moments")[1] = 9;
        assertThat(state.getDoubles("moments")).containsExactly(1, 2);
    }
}
