// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.state.StateMap;

class StateJsonTest {
    @TempDir
    Path folder;

    @Test
    void keepsEveryBit() throws Exception {
        double[] hard = {
            0.1,
            -0.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            Math.nextUp(1.0)
        };
        StateMap state = new StateMap();
        state.put("doubles", hard);
        state.put("double", 1.0 / 3);
        state.put("long", Long.MIN_VALUE);
        state.put("longs", new long[] {Long.MAX_VALUE, -1});
        state.put("text", "a \"quoted\" ümlaut\n");
        state.nested("inner").nested("deeper").put("x", 2L);
        Path file = folder.resolve("state.json");

        StateJson.write(state, file);
        StateMap read = StateJson.read(file);

        double[] back = read.getDoubles("doubles");
        for (int i = 0; i < hard.length; i++) {
            assertThat(Double.doubleToLongBits(back[i])).isEqualTo(Double.doubleToLongBits(hard[i]));
        }
        assertThat(read.getDouble("double")).isEqualTo(1.0 / 3);
        assertThat(read.getLong("long")).isEqualTo(Long.MIN_VALUE);
        assertThat(read.getLongs("longs")).containsExactly(Long.MAX_VALUE, -1);
        assertThat(read.getString("text")).isEqualTo("a \"quoted\" ümlaut\n");
        assertThat(read.getNested("inner").getNested("deeper").getLong("x")).isEqualTo(2);
        read.assertAllRead();
    }

    @Test
    void namesTheKeyOfAnUnknownType() throws Exception {
        Path file = folder.resolve("state.json");
        Files.writeString(file, "{\"momentum\": [\"float\", \"1\"]}");

        assertThatThrownBy(() -> StateJson.read(file))
                .hasMessageContaining("momentum")
                .hasMessageContaining("float");
    }
}
