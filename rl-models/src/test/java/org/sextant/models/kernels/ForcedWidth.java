// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Vector kernels of a width that this machine need not have. The width is a constant of {@link Lanes}, so every width
 * has the classes of the package loaded again; only the types of the seam are shared with the tests.
 */
final class ForcedWidth extends ClassLoader {
    private static final String PACKAGE = "org.sextant.models.kernels.";
    private static final Set<String> SHARED = Set.of(
            "Kernels",
            "WeightFormat",
            "Kernels$AdamWStep",
            "Tensor",
            "MemoryArena",
            "KeyValuePages",
            "MemorySizes",
            "Segments",
            "MemoryUse");
    private static final Map<Integer, ForcedWidth> LOADERS = new ConcurrentHashMap<>();

    private final int bits;

    private ForcedWidth(int bits) {
        super(ForcedWidth.class.getClassLoader());
        this.bits = bits;
    }

    static Kernels kernels(int bits, int threads) {
        try {
            return LOADERS.computeIfAbsent(bits, ForcedWidth::new).open(threads);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized Kernels open(int threads) throws ReflectiveOperationException {
        String before = System.getProperty(Lanes.BITS_PROPERTY);
        System.setProperty(Lanes.BITS_PROPERTY, Integer.toString(bits));
        try {
            return (Kernels) loadClass(PACKAGE + "VectorKernels")
                    .getConstructor(int.class)
                    .newInstance(threads);
        } finally {
            if (before == null) {
                System.clearProperty(Lanes.BITS_PROPERTY);
            } else {
                System.setProperty(Lanes.BITS_PROPERTY, before);
            }
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        boolean own = name.startsWith(PACKAGE) && !SHARED.contains(name.substring(PACKAGE.length()));
        if (!own) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
