// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.metrics;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sextant.api.state.StateMap;
import org.sextant.api.state.Stateful;

/**
 * Counts what a run spends: tokens generated (greedy and dropped answers too), tokens forward and backward by role,
 * seconds by activity. Budgets and comparisons rest on it. Keys: {@code tokens/generated}, {@code tokens/prompt},
 * {@code forward/policy}, {@code backward/policy}, {@code seconds/collect} …
 */
public final class Ledger implements Stateful {
    private final SortedMap<String, Double> totals = new TreeMap<>();

    /** Adds an amount to a key. */
    public void add(String key, double amount) {
        totals.merge(key, amount, Double::sum);
    }

    /** Runs work and adds its seconds to {@code seconds/<activity>}. */
    public <T> T timed(String activity, java.util.function.Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            add("seconds/" + activity, (System.nanoTime() - start) * 1e-9);
        }
    }

    /** The total of a key; 0 if nothing was added. */
    public double total(String key) {
        return totals.getOrDefault(key, 0.0);
    }

    /** A copy of all totals. */
    public Map<String, Double> totals() {
        return new TreeMap<>(totals);
    }

    @Override
    public void save(StateMap out) {
        StateMap inner = out.nested("totals");
        totals.forEach(inner::put);
    }

    @Override
    public void load(StateMap in) {
        totals.clear();
        StateMap inner = in.getNested("totals");
        inner.entries().keySet().forEach(key -> totals.put(key, inner.getDouble(key)));
    }
}
