// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.sextant.models.kernels.Device;

/**
 * Where ND4J computes in this process. ND4J decides that when it is first used, once and for all: whatever computes with it calls
 * {@link #use} before.
 *
 * @param device {@link Device#CPU} or {@link Device#CUDA}
 * @param describe in a few words, such as {@code cpu, oneDNN} or {@code NVIDIA A100, sm_80}
 */
public record Backend(Device device, String describe) {
    private static final BackendChoice CHOICE = new BackendChoice(
            CpuObstacles::find, new ReflectiveCudaProbe(Backend.class.getClassLoader()), Nd4jStart::start);

    /**
     * Starts ND4J on that device unless it has been started. {@link Device#AUTO} takes a GPU that can be used, else the CPU, and logs why;
     * {@link Device#CPU} touches nothing of CUDA.
     *
     * @throws UnsupportedOperationException with the sentence of {@link #whyNot}
     */
    public static Backend use(Device device) {
        return choice().use(device);
    }

    /** Why ND4J cannot compute on that device in this process, as one sentence; empty if it can. ND4J is not started. */
    public static Optional<String> whyNot(Device device) {
        return choice().whyNot(device);
    }

    /**
     * Lets ND4J's loops, OpenBLAS and oneDNN use so many threads. oneDNN's number belongs to the thread that calls, so the thread that
     * computes should; the others are the process's.
     *
     * @param threads at least 1
     */
    public void useThreads(int threads) {
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        if (device == Device.CPU) {
            Nd4j.factory().blas().setMaxThreads(threads);
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        }
    }

    /** Any question to the choice may load JavaCPP. */
    private static BackendChoice choice() {
        JavaCppLimits.lift(System.getProperties());
        return CHOICE;
    }
}
