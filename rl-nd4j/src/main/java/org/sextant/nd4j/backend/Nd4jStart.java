// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import org.deeplearning4j.config.DL4JSystemProperties;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.factory.Nd4j;
import org.sextant.models.kernels.Device;

/** Starts ND4J on one backend. */
final class Nd4jStart {
    static final String CPU_BACKEND = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";
    static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    private Nd4jStart() {}

    /**
     * To be called before anything else uses ND4J.
     *
     * @return what the backend was built with
     * @throws UnsupportedOperationException if ND4J does not start, or has started on another backend; it cannot start again
     */
    static String start(Device device) {
        String backend = device == Device.CUDA ? CUDA_BACKEND : CPU_BACKEND;
        setIfAbsent(ND4JSystemProperties.LOG_INITIALIZATION, "false");
        setIfAbsent(DL4JSystemProperties.CRASH_DUMP_ENABLED_PROPERTY, "false");
        ND4JClassLoading.setNd4jClassloader(new OneBackend(backend, Nd4jStart.class.getClassLoader()));
        try {
            Nd4j.create(1).close();
        } catch (RuntimeException | LinkageError e) {
            throw new UnsupportedOperationException("ND4J does not start on the " + device + ": " + Causes.root(e), e);
        }
        String started = Nd4j.getBackend().getClass().getName();
        if (!started.equals(backend)) {
            throw new UnsupportedOperationException("ND4J was used before device = " + device
                    + " could choose its backend, and started with " + started + ".");
        }
        return Nd4j.getBackend().buildInfo();
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
