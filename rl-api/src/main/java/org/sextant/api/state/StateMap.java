// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.state;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A strict map of saved numbers and texts: every key is written once, must be there when read, and has one type. Values
 * are {@code Long}, {@code Double}, {@code String}, {@code double[]}, {@code long[]} or a nested map.
 */
public final class StateMap {
    private final Map<String, Object> values = new TreeMap<>();
    private final Set<String> unread = new TreeSet<>();

    public void put(String key, long value) {
        write(key, value);
    }

    public void put(String key, double value) {
        write(key, value);
    }

    public void put(String key, String value) {
        write(key, value);
    }

    public void put(String key, double[] value) {
        write(key, value.clone());
    }

    public void put(String key, long[] value) {
        write(key, value.clone());
    }

    /** A nested map to write to. */
    public StateMap nested(String key) {
        StateMap inner = new StateMap();
        write(key, inner);
        return inner;
    }

    private void write(String key, Object value) {
        if (values.putIfAbsent(key, value) != null) {
            throw new IllegalStateException("state key '" + key + "' was written twice");
        }
        unread.add(key);
    }

    public long getLong(String key) {
        return read(key, Long.class);
    }

    public double getDouble(String key) {
        return read(key, Double.class);
    }

    public String getString(String key) {
        return read(key, String.class);
    }

    public double[] getDoubles(String key) {
        return read(key, double[].class).clone();
    }

    public long[] getLongs(String key) {
        return read(key, long[].class).clone();
    }

    public StateMap getNested(String key) {
        return read(key, StateMap.class);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    private <T> T read(String key, Class<T> type) {
        Object value = values.get(key);
        if (value == null) {
            throw new IllegalStateException("saved state lacks '" + key + "'; it has " + values.keySet());
        }
        if (!type.isInstance(value)) {
            throw new IllegalStateException("saved state '" + key + "' is "
                    + value.getClass().getSimpleName() + ", not " + type.getSimpleName());
        }
        unread.remove(key);
        return type.cast(value);
    }

    /**
     * Fails if something that was saved has not been read, nested maps included.
     *
     * @param except keys that somebody else reads later
     */
    public void assertAllRead(String... except) {
        Set<String> later = Set.of(except);
        Set<String> missed = new TreeSet<>(unread);
        missed.removeAll(later);
        if (!missed.isEmpty()) {
            throw new IllegalStateException("saved state was not read: " + missed);
        }
        values.forEach((key, value) -> {
            if (value instanceof StateMap inner && !later.contains(key)) {
                inner.assertAllRead();
            }
        });
    }

    /** Keys and values, for writing to disk. */
    public Map<String, Object> entries() {
        return Collections.unmodifiableMap(values);
    }
}
