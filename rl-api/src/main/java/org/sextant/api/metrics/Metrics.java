// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.metrics;

import java.util.SortedMap;
import java.util.TreeMap;
import org.sextant.api.experience.Masked;
import org.sextant.api.metrics.MetricDefinition.Reduction;

/**
 * Collects contributions to named numbers and merges them exactly: a mean keeps its sum and weight, so that
 * micro-batches of different sizes give the mean over all entries. A mean without weight is left out of
 * {@link #values()}.
 */
public final class Metrics {
    private record Entry(Reduction reduction, double total, double weight) {
        Entry merge(String name, Entry other) {
            if (reduction != other.reduction) {
                throw new IllegalArgumentException(
                        "metric '" + name + "' is a " + reduction + " here and a " + other.reduction + " there");
            }
            double joined = switch (reduction) {
                case MEAN, SUM -> total + other.total;
                case MIN -> Math.min(total, other.total);
                case MAX -> Math.max(total, other.total);
            };
            return new Entry(reduction, joined, weight + other.weight);
        }
    }

    private final SortedMap<String, Entry> entries = new TreeMap<>();

    /** A mean over the entries that the mask lets through (null: all). */
    public void mean(String name, double[] values, boolean[] mask) {
        mean(name, Masked.sum(values, mask), mask == null ? values.length : Masked.count(mask));
    }

    /** A mean given by its sum and weight. */
    public void mean(String name, double sum, double weight) {
        add(name, new Entry(Reduction.MEAN, sum, weight));
    }

    /** A single number; several contributions are averaged. */
    public void value(String name, double value) {
        mean(name, value, 1);
    }

    /** An amount; several contributions add up. */
    public void sum(String name, double value) {
        add(name, new Entry(Reduction.SUM, value, 1));
    }

    /** A number of which the smallest counts. */
    public void min(String name, double value) {
        add(name, new Entry(Reduction.MIN, value, 1));
    }

    /** A number of which the largest counts. */
    public void max(String name, double value) {
        add(name, new Entry(Reduction.MAX, value, 1));
    }

    /** Merges the contributions of another slice, or of another part of the loop. */
    public void addAll(Metrics other) {
        other.entries.forEach(this::add);
    }

    /** How each name is merged, for checks against its {@link MetricDefinition}. */
    public SortedMap<String, Reduction> reductions() {
        SortedMap<String, Reduction> reductions = new TreeMap<>();
        entries.forEach((name, e) -> reductions.put(name, e.reduction()));
        return reductions;
    }

    private void add(String name, Entry entry) {
        entries.merge(name, entry, (a, b) -> a.merge(name, b));
    }

    /** Names and numbers, sorted by name. */
    public SortedMap<String, Double> values() {
        SortedMap<String, Double> values = new TreeMap<>();
        entries.forEach((name, e) -> {
            if (e.reduction() != Reduction.MEAN) {
                values.put(name, e.total());
            } else if (e.weight() > 0) {
                values.put(name, e.total() / e.weight());
            }
        });
        return values;
    }
}
