// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.sextant.models.kernels.Device;

/** The build as it is by default: the CPU backend with oneDNN alone. */
class BackendTest {
    @Test
    void startsNd4jOnTheCpu() {
        assertThat(Backend.whyNot(Device.CPU)).isEmpty();
        Backend backend = Backend.use(Device.CPU);
        assertThat(backend).isEqualTo(new Backend(Device.CPU, "cpu, oneDNN"));
        assertThat(Nd4j.getBackend().getClass().getName()).isEqualTo(Nd4jStart.CPU_BACKEND);
    }

    @Test
    void threadsOfTheProcessAndOfTheThreadThatComputes() throws InterruptedException {
        Backend backend = Backend.use(Device.CPU);
        for (int threads : List.of(1, 2)) {
            Thread computing = new Thread(() -> backend.useThreads(threads));
            computing.start();
            computing.join();
            assertThat(Nd4j.getEnvironment().maxMasterThreads()).isEqualTo(threads);
            assertThat(Nd4j.factory().blas().getMaxThreads()).isEqualTo(threads);
            backend.useThreads(threads);
            assertThat(NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads())
                    .isEqualTo(threads);
        }
    }

    @Test
    void anotherPlatformIsToldWhatItLacks() {
        ClassLoader classPath = BackendTest.class.getClassLoader();
        assertThat(CpuObstacles.find("macosx-arm64", classPath))
                .isEqualTo(Optional.of("ND4J's CPU backend is not in this build for macosx-arm64: put"
                        + " org.nd4j:nd4j-native:1.0.0-M2.1:macosx-arm64 on the class path."));
    }

    @Test
    void ofTheRegisteredBackendsOneIsSeen(@TempDir Path directory) throws IOException {
        ClassLoader both = withRegistration(directory, Nd4jStart.CUDA_BACKEND);
        assertThat(registrations(both)).isGreaterThan(1);
        assertThat(registrations(new OneBackend(Nd4jStart.CUDA_BACKEND, both))).isEqualTo(registrations(both) - 1);
        ClassLoader cpu = new OneBackend(Nd4jStart.CPU_BACKEND, both);
        assertThat(registrations(cpu)).isEqualTo(1);
        assertThat(ServiceLoader.load(Nd4jBackend.class, cpu))
                .extracting(backend -> backend.getClass().getName())
                .containsExactly(Nd4jStart.CPU_BACKEND);
    }

    private static int registrations(ClassLoader classPath) throws IOException {
        return Collections.list(classPath.getResources("META-INF/services/" + Nd4jBackend.class.getName()))
                .size();
    }

    private static ClassLoader withRegistration(Path directory, String backend) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(Nd4jBackend.class.getName()), "# licence\n" + backend + "\n");
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, BackendTest.class.getClassLoader());
    }
}
