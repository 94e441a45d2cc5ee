// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.events.LoopEvent;

class SampleCadenceTest {
    @ParameterizedTest
    @CsvSource({"0, ''", "1, '0 1 2 3 4 5 6'", "3, '0 3 6'", "50, '0'"})
    void samplesComeEverySoManyStepsAndStepsAlways(int every, String shown) {
        List<String> samples = new ArrayList<>();
        List<LoopEvent> others = new ArrayList<>();
        SampleCadence cadence = new SampleCadence(every, event -> {
            if (event instanceof LoopEvent.SampleShown sample) {
                samples.add("" + sample.step());
            } else {
                others.add(event);
            }
        });
        for (int step = 0; step < 7; step++) {
            cadence.on(new LoopEvent.SampleShown(1, step, "1+1=", "2", 1));
            cadence.on(new LoopEvent.StepFinished(1, "rl", step, 7, new TreeMap<>()));
        }
        assertThat(String.join(" ", samples)).isEqualTo(shown);
        assertThat(others).hasSize(7);
    }
}
