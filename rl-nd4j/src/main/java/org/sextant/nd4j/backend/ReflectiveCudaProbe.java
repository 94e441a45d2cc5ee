// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import java.util.Optional;

/** Asks CUDA's runtime through its Java binding, by reflection: the default build has neither. */
final class ReflectiveCudaProbe implements CudaProbe {
    private static final String CUDA = "org.bytedeco.cuda.";
    private static final String RUNTIME = CUDA + "global.cudart";

    /** In CUDA's numbering of attributes. */
    private static final int CAPABILITY_MAJOR = 75;

    private static final int CAPABILITY_MINOR = 76;

    /** A status that CUDA does not use: the call itself failed. */
    private static final int NOT_CALLED = -1;

    private final ClassLoader classPath;

    ReflectiveCudaProbe(ClassLoader classPath) {
        this.classPath = classPath;
    }

    @Override
    public boolean isInBuild() {
        return classPath.getResource(Nd4jStart.CUDA_BACKEND.replace('.', '/') + ".class") != null;
    }

    @Override
    public Optional<String> runtimeError() {
        return loading(RUNTIME);
    }

    @Override
    public Devices devices() {
        try {
            int[] count = {0};
            int status = (int)
                    type(RUNTIME).getMethod("cudaGetDeviceCount", int[].class).invoke(null, (Object) count);
            return new Devices(status, count[0]);
        } catch (ReflectiveOperationException | LinkageError e) {
            return new Devices(NOT_CALLED, 0);
        }
    }

    @Override
    public Card card() {
        try {
            return new Card(name(), attribute(CAPABILITY_MAJOR), attribute(CAPABILITY_MINOR));
        } catch (ReflectiveOperationException | LinkageError e) {
            return new Card("An unknown GPU", 0, 0);
        }
    }

    @Override
    public Optional<String> kernelsError() {
        return loading(CUDA + "global.cublas")
                .or(() -> loading(CUDA + "global.cusolver"))
                .or(() -> loading("org.nd4j.linalg.jcublas.bindings.Nd4jCuda"));
    }

    private int attribute(int attribute) throws ReflectiveOperationException {
        int[] value = {0};
        type(RUNTIME)
                .getMethod("cudaDeviceGetAttribute", int[].class, int.class, int.class)
                .invoke(null, value, attribute, 0);
        return value[0];
    }

    private String name() throws ReflectiveOperationException {
        Class<?> type = type(CUDA + "cudart.cudaDeviceProp");
        Object properties = type.getConstructor().newInstance();
        type(RUNTIME).getMethod("cudaGetDeviceProperties", type, int.class).invoke(null, properties, 0);
        Object name = type.getMethod("name").invoke(properties);
        return (String) name.getClass().getMethod("getString").invoke(name);
    }

    private Optional<String> loading(String name) {
        try {
            type(name);
            return Optional.empty();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return Optional.of(Causes.root(e));
        }
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, true, classPath);
    }
}
