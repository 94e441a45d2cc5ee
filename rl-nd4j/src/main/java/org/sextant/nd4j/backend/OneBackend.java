// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;

/**
 * The class path, but of the registrations of ND4J's backends only one. ND4J takes the first backend that it can load, GPUs before the CPU;
 * environment variables apart, what it sees is the only way to choose.
 */
final class OneBackend extends ClassLoader {
    private static final String REGISTRATIONS = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

    private final String backend;

    /** @param backend name of the class that stays visible */
    OneBackend(String backend, ClassLoader classPath) {
        super(classPath);
        this.backend = backend;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Enumeration<URL> all = super.getResources(name);
        return name.equals(REGISTRATIONS)
                ? Collections.enumeration(
                        Collections.list(all).stream().filter(this::registers).toList())
                : all;
    }

    private boolean registers(URL registration) {
        try (InputStream in = registration.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .anyMatch(line -> line.strip().equals(backend));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + registration, e);
        }
    }
}
