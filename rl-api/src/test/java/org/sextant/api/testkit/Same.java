// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.output.Output;
import org.sextant.api.state.StateMap;
import org.sextant.api.testkit.Rehearsal.Loss;

/** Comparisons that {@link AlgorithmContract} makes: bit for bit. */
final class Same {
    private Same() {}

    static void columns(Experience found, Experience expected) {
        for (Column<?> column : expected.columns().keys()) {
            assertThat(found.get(column)).as("%s", column).isEqualTo(expected.get(column));
        }
    }

    static void credit(Rehearsal found, Rehearsal expected) {
        assertThat(found.batch().layout()).isEqualTo(expected.batch().layout());
        assertThat(found.credit().keys()).isEqualTo(expected.credit().keys());
        for (Column<?> column : expected.credit().keys()) {
            assertThat(found.credit().get(column))
                    .as("%s", column)
                    .isEqualTo(expected.credit().get(column));
        }
        assertThat(found.creditMetrics().values())
                .isEqualTo(expected.creditMetrics().values());
    }

    static void bits(Loss found, Loss expected) {
        assertThat(found.evaluation().loss()).isEqualTo(expected.evaluation().loss());
        assertThat(found.evaluation().parts()).isEqualTo(expected.evaluation().parts());
        expected.evaluation()
                .gradients()
                .forEach((output, gradient) -> assertThat(
                                found.evaluation().gradients().get(output))
                        .as("gradient of %s", output.name())
                        .isEqualTo(gradient));
        assertThat(found.metrics().values()).isEqualTo(expected.metrics().values());
    }

    static double[] rowOf(Map.Entry<Output, double[]> entry, Experience batch, int row) {
        return select(entry, batch, new int[] {row});
    }

    static double[] select(Map.Entry<Output, double[]> entry, Experience batch, int[] rows) {
        Column<double[]> gradient =
                Column.doubles("testkit/gradient", entry.getKey().domain());
        return batch.with(gradient, entry.getValue()).select(Rows.of(rows)).get(gradient);
    }

    static StateMap saved(Algorithm algorithm) {
        StateMap out = new StateMap();
        algorithm.save(out);
        return out;
    }

    static Map<String, Object> flat(StateMap state) {
        Map<String, Object> flat = new LinkedHashMap<>();
        state.entries().forEach((key, value) -> {
            switch (value) {
                case StateMap inner -> flat(inner).forEach((name, v) -> flat.put(key + "." + name, v));
                case double[] numbers ->
                    flat.put(key, Arrays.stream(numbers).boxed().toList());
                case long[] numbers ->
                    flat.put(key, Arrays.stream(numbers).boxed().toList());
                default -> flat.put(key, value);
            }
        });
        return new TreeMap<>(flat);
    }
}
