// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.nd4j.backend.CudaProbe.Card;
import org.sextant.nd4j.backend.CudaProbe.Devices;

/** Load errors as Linux words them. */
class CudaObstaclesTest {
    private static final String JNI = "/root/.javacpp/cache/cuda-11.6-8.3-1.5.7-linux-x86_64.jar/libjnicudart.so: ";
    private static final String NOT_FOUND = ": cannot open shared object file: No such file or directory";

    private final CudaProbe probe = mock(CudaProbe.class);

    CudaObstaclesTest() {
        when(probe.isInBuild()).thenReturn(true);
        when(probe.runtimeError()).thenReturn(Optional.empty());
        when(probe.devices()).thenReturn(new Devices(0, 1));
        when(probe.card()).thenReturn(new Card("NVIDIA A100-SXM4-40GB", 8, 0));
        when(probe.kernelsError()).thenReturn(Optional.empty());
    }

    @Test
    void noneWhereAllIsThere() {
        assertThat(CudaObstacles.find(probe)).isEmpty();
    }

    @Test
    void backendNotInThisBuild() {
        when(probe.isInBuild()).thenReturn(false);
        assertThat(CudaObstacles.find(probe))
                .contains("ND4J's CUDA backend is not in this build: build with 'mvn -Pcuda package', or start with"
                        + " RL_PROFILES=cuda ./rl.");
        verify(probe, never()).runtimeError();
    }

    @Test
    void noDriver() {
        when(probe.runtimeError()).thenReturn(Optional.of(JNI + "libcuda.so.1" + NOT_FOUND));
        assertThat(CudaObstacles.find(probe))
                .contains("There is no NVIDIA driver on this machine: libcuda.so.1 cannot be loaded.");
        verify(probe, never()).devices();
    }

    @Test
    void cudaLibrariesMissing() {
        when(probe.runtimeError()).thenReturn(Optional.of(JNI + "libcudart.so.11.0" + NOT_FOUND));
        assertThat(CudaObstacles.find(probe))
                .contains("CUDA 11 is incomplete on this machine: libcudart.so.11.0 cannot be loaded; put"
                        + " org.bytedeco:cuda:11.6-8.3-1.5.7:linux-x86_64-redist on the class path, as -Pcuda does, or"
                        + " install CUDA 11.6.");
    }

    @Test
    void librariesOfTheKernelsMissing() {
        when(probe.kernelsError()).thenReturn(Optional.of("libnd4jcuda.so: libcublas.so.11" + NOT_FOUND));
        assertThat(CudaObstacles.find(probe))
                .contains("CUDA 11 is incomplete on this machine: libcublas.so.11 cannot be loaded; put"
                        + " org.bytedeco:cuda:11.6-8.3-1.5.7:linux-x86_64-redist on the class path, as -Pcuda does, or"
                        + " install CUDA 11.6.");
    }

    @Test
    void notLoadedForAnotherReason() {
        when(probe.runtimeError()).thenReturn(Optional.of("no jnicudart in java.library.path: [/usr/lib]."));
        assertThat(CudaObstacles.find(probe))
                .contains("CUDA cannot be loaded: no jnicudart in java.library.path: [/usr/lib].");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|There is no NVIDIA GPU on this machine: cudaGetDeviceCount found none.",
                "100|There is no NVIDIA GPU on this machine: cudaGetDeviceCount returned 100.",
                "35|The NVIDIA driver is older than CUDA 11.6 allows: cudaGetDeviceCount returned 35; update the"
                        + " driver.",
                "999|The NVIDIA GPU cannot be used: cudaGetDeviceCount returned 999; see whether nvidia-smi lists the"
                        + " GPU."
            })
    void noDevice(int status, String sentence) {
        when(probe.devices()).thenReturn(new Devices(status, 0));
        assertThat(CudaObstacles.find(probe)).contains(sentence);
        verify(probe, never()).card();
    }

    @ParameterizedTest
    @CsvSource({"2,0", "3,0", "3,5", "9,0", "10,0", "12,0"})
    void capabilityNotInThisBuild(int major, int minor) {
        when(probe.card()).thenReturn(new Card("NVIDIA H100 PCIe", major, minor));
        assertThat(CudaObstacles.find(probe))
                .contains("NVIDIA H100 PCIe has compute capability " + major + "." + minor
                        + ", which is not in this build: ND4J's CUDA backend has code for 3.7 and 5.0 to 8.9.");
        verify(probe, never()).kernelsError();
    }

    @ParameterizedTest
    @CsvSource({"3,7", "5,0", "5,2", "5,3", "6,0", "6,1", "7,0", "7,2", "7,5", "8,0", "8,6", "8,7", "8,9"})
    void capabilityThatRuns(int major, int minor) {
        when(probe.card()).thenReturn(new Card("a card", major, minor));
        assertThat(CudaObstacles.find(probe)).isEmpty();
    }
}
