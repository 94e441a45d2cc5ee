// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * What the arenas of one role hold.
 *
 * @param role as given to {@link Kernels#arena}
 * @param bytes held now, by all open arenas of the role
 * @param peakBytes the most ever held at once: the metric {@code memory/<role>_bytes}
 * @param allocations how many tensors and page stores were ever allocated: constant while steps and tokens are computed
 */
public record MemoryUse(String role, long bytes, long peakBytes, long allocations) {}
