// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.OptimiserSettings.Schedule;

@DisplayName("Schedules against numbers computed by hand, peak 2")
class SchedulesTest {
    private static double[] rates(Schedule schedule, int warmup, double finalShare, long total) {
        var settings = new OptimiserSettings(2, schedule, warmup, finalShare, 0.9, 0.999, 1e-8, 0, 0, 1);
        return LongStream.rangeClosed(0, total + 1)
                .mapToDouble(step -> Schedules.learningRate(settings, step, total))
                .toArray();
    }

    @Test
    void constant_after_a_linear_warm_up() {
        assertThat(rates(Schedule.CONSTANT, 4, 0, 6)).containsExactly(0, 0.5, 1, 1.5, 2, 2, 2, 2);
        assertThat(rates(Schedule.CONSTANT, 0, 0, 1)).containsExactly(2, 2, 2);
    }

    @Test
    void linear_to_zero_and_to_a_share() {
        assertThat(rates(Schedule.LINEAR, 2, 0, 6)).containsExactly(0, 1, 2, 1.5, 1, 0.5, 0, 0);
        assertThat(rates(Schedule.LINEAR, 0, 0.5, 4)).containsExactly(2, 1.75, 1.5, 1.25, 1, 1);
    }

    @Test
    @DisplayName("cos(60°) = 1/2, cos(120°) = −1/2")
    void half_a_cosine() {
        assertThat(rates(Schedule.COSINE, 1, 0, 4)).containsExactly(new double[] {0, 2, 1.5, 0.5, 0, 0}, within(1e-15));
        assertThat(rates(Schedule.COSINE, 0, 0.5, 2)).containsExactly(new double[] {2, 1.5, 1, 1}, within(1e-15));
    }

    @Test
    @DisplayName("A warm-up as long as the run leaves the last rate after it")
    void nothing_but_warm_up() {
        assertThat(rates(Schedule.LINEAR, 2, 0.25, 2)).containsExactly(0, 1, 0.5, 0.5);
    }
}
