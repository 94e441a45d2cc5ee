// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sextant.models.kernels.Device;

class JavaCppLimitsTest {
    private static final String BYTES = "org.bytedeco.javacpp.maxbytes";

    @Test
    void onlyLimitsOfTheUserStand() {
        Map<String, String> set = Map.of(BYTES, "3g", "org.bytedeco.javacpp.maxPhysicalBytes", "5g");
        Properties system = new Properties();
        system.putAll(set);
        JavaCppLimits.lift(system);
        assertThat(system).isEqualTo(set);
        system.clear();
        JavaCppLimits.lift(system);
        assertThat(system).isEqualTo(Map.of(BYTES, "0", "org.bytedeco.javacpp.maxphysicalbytes", "0"));
    }

    /** Of its own accord JavaCPP refuses more than 256 MB here. In a process of its own: limits are read once in each. */
    @Test
    void arraysMayOutgrowTheHeapAndNothingIsLogged(@TempDir Path directory) throws IOException, InterruptedException {
        Path said = directory.resolve("said.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Outgrowing.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(said).hasContent("cpu, oneDNN");
    }

    /** Fills 320 MB. */
    static final class Outgrowing {
        private static final int ARRAYS = 5;
        private static final int NUMBERS = 1 << 24;

        private Outgrowing() {}

        public static void main(String[] arguments) {
            Backend backend = Backend.use(Device.CPU);
            List<INDArray> arrays = new ArrayList<>();
            for (int i = 0; i < ARRAYS; i++) {
                arrays.add(Nd4j.create(NUMBERS).assign(i));
            }
            arrays.forEach(INDArray::close);
            System.out.println(backend.describe());
        }
    }
}
