// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.nd4j.backend.CudaProbe.Card;
import org.sextant.nd4j.backend.CudaProbe.Devices;

/** On stand-ins with the signatures of org.bytedeco:cuda:11.6-8.3-1.5.7, compiled here so that no other test sees them, nor they the real ones. */
class ReflectiveCudaProbeTest {
    private static final String RUNTIME = """
        package org.bytedeco.cuda.global;
        import org.bytedeco.cuda.cudart.cudaDeviceProp;
        public class cudart {
            public static int cudaGetDeviceCount(int[] count) { count[0] = 2; return 0; }
            public static int cudaDeviceGetAttribute(int[] value, int attribute, int device) {
                value[0] = device == 0 && attribute == 75 ? 8 : device == 0 && attribute == 76 ? 9 : -1;
                return 0;
            }
            public static int cudaGetDeviceProperties(cudaDeviceProp properties, int device) {
                properties.device = device;
                return 0;
            }
        }
        """;
    private static final String PROPERTIES = """
        package org.bytedeco.cuda.cudart;
        public class cudaDeviceProp {
            public int device = -1;
            public Name name() { return new Name("NVIDIA number " + device); }
            public record Name(String getString) {}
        }
        """;
    private static final String BROKEN = """
        package org.bytedeco.cuda.global;
        public class cudart {
            static {
                try {
                    fail();
                } catch (RuntimeException e) {
                    throw new ExceptionInInitializerError(e);
                }
            }
            static void fail() {
                throw new RuntimeException("outer", new UnsatisfiedLinkError("libjnicudart.so: libcuda.so.1: gone\\nmore"));
            }
        }
        """;

    @TempDir
    Path temp;

    private Path classes;

    @BeforeEach
    void directories() throws IOException {
        classes = Files.createDirectories(temp.resolve("classes"));
    }

    @Test
    void tellsWhatTheRuntimeSays() throws IOException {
        CudaProbe probe = probe(Map.of("cudart", RUNTIME, "cudaDeviceProp", PROPERTIES));
        assertThat(probe.runtimeError()).isEmpty();
        assertThat(probe.devices()).isEqualTo(new Devices(0, 2));
        assertThat(probe.card()).isEqualTo(new Card("NVIDIA number 0", 8, 9));
        assertThat(probe.kernelsError()).contains("org.bytedeco.cuda.global.cublas");
    }

    @Test
    void tellsTheFirstCauseInOneLine() throws IOException {
        assertThat(probe(Map.of("cudart", BROKEN)).runtimeError()).contains("libjnicudart.so: libcuda.so.1: gone");
    }

    @Test
    void seesTheBackendWithoutLoadingIt() throws IOException {
        CudaProbe probe = probe(Map.of("JCublasBackend", """
            package org.nd4j.linalg.jcublas;
            public class JCublasBackend {
                static { if (true) throw new IllegalStateException("loaded"); }
            }
            """));
        assertThat(probe.isInBuild()).isTrue();
    }

    @Test
    void withoutCudaItNeverThrows() {
        CudaProbe probe = new ReflectiveCudaProbe(ClassLoader.getPlatformClassLoader());
        assertThat(probe.runtimeError()).contains("org.bytedeco.cuda.global.cudart");
        assertThat(probe.devices()).isEqualTo(new Devices(-1, 0));
        assertThat(probe.card()).isEqualTo(new Card("An unknown GPU", 0, 0));
        assertThat(probe.kernelsError()).contains("org.bytedeco.cuda.global.cublas");
    }

    private CudaProbe probe(Map<String, String> sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = Files.writeString(temp.resolve(source.getKey() + ".java"), source.getValue());
            arguments.add(file.toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        URL[] roots = {classes.toUri().toURL()};
        return new ReflectiveCudaProbe(new URLClassLoader(roots, ClassLoader.getPlatformClassLoader()));
    }
}
