// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import java.util.List;
import org.sextant.api.metrics.Metrics;

/**
 * A loss as a sum of parts, with what is worth logging.
 *
 * @param parts addends; the loss is their sum
 * @param metrics numbers of this slice; merged over the slices of a batch
 */
public record Objective(List<Part> parts, Metrics metrics) {
    public Objective {
        parts = List.copyOf(parts);
    }
}
