// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sextant.models.kernels.Device;
import org.sextant.nd4j.backend.CudaProbe.Card;
import org.sextant.nd4j.backend.CudaProbe.Devices;
import org.slf4j.LoggerFactory;

class BackendChoiceTest {
    private static final String NO_CPU = "No CPU backend.";

    private final CudaProbe cuda = mock(CudaProbe.class);
    private final List<Device> started = new ArrayList<>();

    @Test
    void cpuTouchesNothingOfCuda() {
        BackendChoice choice = choice(Optional.empty());
        assertThat(choice.whyNot(Device.CPU)).isEmpty();
        assertThat(choice.use(Device.CPU)).isEqualTo(new Backend(Device.CPU, "cpu, oneDNN"));
        assertThat(choice.use(Device.CPU)).isEqualTo(choice.use(Device.AUTO));
        verifyNoInteractions(cuda);
        assertThat(started).containsExactly(Device.CPU);
    }

    @Test
    void autoTakesTheGpuThatCanBeUsed() {
        gpu(8, 6);
        BackendChoice choice = choice(Optional.empty());
        assertThat(choice.use(Device.AUTO)).isEqualTo(new Backend(Device.CUDA, "NVIDIA RTX, sm_86"));
        assertThat(choice.use(Device.CUDA).device()).isEqualTo(Device.CUDA);
        assertThat(started).containsExactly(Device.CUDA);
    }

    @Test
    void autoFallsBackAndSaysWhyOnce() {
        gpu(9, 0);
        ListAppender<ILoggingEvent> log = listening();
        BackendChoice choice = choice(Optional.empty());
        assertThat(choice.use(Device.AUTO).device()).isEqualTo(Device.CPU);
        assertThat(choice.use(Device.AUTO).device()).isEqualTo(Device.CPU);
        assertThat(log.list)
                .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
                .containsExactly(tuple(
                        Level.INFO,
                        "device = auto is the CPU here: NVIDIA RTX has compute capability 9.0, which is not in this"
                                + " build: ND4J's CUDA backend has code for 3.7 and 5.0 to 8.9."));
        verify(cuda, times(1)).isInBuild();
    }

    @Test
    void cudaSaysWhyNotAndStartsNothing() {
        BackendChoice choice = choice(Optional.empty());
        assertThat(choice.whyNot(Device.CUDA)).contains(CudaObstacles.NOT_IN_BUILD);
        assertThatThrownBy(() -> choice.use(Device.CUDA))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage(CudaObstacles.NOT_IN_BUILD);
        assertThat(started).isEmpty();
    }

    @Test
    void autoNeedsOneOfTheTwo() {
        BackendChoice neither = choice(Optional.of(NO_CPU));
        assertThat(neither.whyNot(Device.AUTO)).contains(NO_CPU + " " + CudaObstacles.NOT_IN_BUILD);
        assertThat(neither.whyNot(Device.CPU)).contains(NO_CPU);
        assertThatThrownBy(() -> neither.use(Device.CPU)).hasMessage(NO_CPU);
        gpu(7, 5);
        assertThat(choice(Optional.of(NO_CPU)).use(Device.AUTO).device()).isEqualTo(Device.CUDA);
    }

    @Test
    void aProcessChoosesOnce() {
        gpu(8, 0);
        BackendChoice cpu = choice(Optional.empty());
        cpu.use(Device.CPU);
        assertThat(cpu.whyNot(Device.AUTO)).isEmpty();
        assertThat(cpu.whyNot(Device.CUDA))
                .contains("ND4J computes on the CPU in this process already, and chooses once: start again with"
                        + " device = cuda.");
        BackendChoice gpu = choice(Optional.empty());
        gpu.use(Device.CUDA);
        assertThatThrownBy(() -> gpu.use(Device.CPU))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("ND4J computes on the GPU in this process already, and chooses once: start again with"
                        + " device = cpu.");
    }

    @Test
    void afterTheFallBackTheReasonIsStillTheReason() {
        BackendChoice choice = choice(Optional.empty());
        choice.use(Device.AUTO);
        assertThat(choice.whyNot(Device.CUDA)).contains(CudaObstacles.NOT_IN_BUILD);
    }

    private BackendChoice choice(Optional<String> cpuObstacle) {
        return new BackendChoice(() -> cpuObstacle, cuda, device -> {
            started.add(device);
            return "HAVE_FLATBUFFERS\nHAVE_ONEDNN";
        });
    }

    private void gpu(int major, int minor) {
        when(cuda.isInBuild()).thenReturn(true);
        when(cuda.devices()).thenReturn(new Devices(0, 1));
        when(cuda.card()).thenReturn(new Card("NVIDIA RTX", major, minor));
    }

    private static ListAppender<ILoggingEvent> listening() {
        Logger logger = (Logger) LoggerFactory.getLogger(Backend.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        return appender;
    }
}
