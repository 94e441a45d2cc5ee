// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.metrics;

import org.sextant.api.experience.Domain;

/**
 * What a metric means; documentation and checks are made from it.
 *
 * @param name key in {@code metrics.jsonl}; {@code <x>} stands for a name that is known only at run time:
 *     {@code rewards/<component>/mean}
 * @param definition one sentence or formula
 * @param unit {@code nats}, {@code tokens}, {@code seconds}, {@code share}, or {@code 1}
 * @param reduction how numbers of micro-batches become one
 * @param domain what is counted
 */
public record MetricDefinition(String name, String definition, String unit, Reduction reduction, Domain domain) {
    /** How contributions become one number. */
    public enum Reduction {
        /** Weighted by what was counted. */
        MEAN,
        /** Added up. */
        SUM,
        /** The smallest. */
        MIN,
        /** The largest. */
        MAX
    }
}
