// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Optional;

/** One kind of kernels that {@code kernels = <name>} chooses; found by {@link java.util.ServiceLoader}. */
public interface KernelsProvider {
    /** Name in a config: lower case, hyphens. */
    String name();

    /** One sentence for {@code ./rl plugins}. */
    String summary();

    /** Why they cannot run in this process on that device, as one sentence; empty if they can. */
    Optional<String> whyNot(Device device);

    /**
     * Opens them; asked only where {@link #whyNot} has no objection. The caller closes them.
     *
     * @param threads at least 1
     */
    Kernels open(int threads, Device device);
}
