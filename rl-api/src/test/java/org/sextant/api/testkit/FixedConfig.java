// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.api.config.ConfigException;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Problem;
import org.sextant.api.config.Range;

/**
 * Settings from a map, for tests of what reads them: numbers, texts, lists and nested maps. As strict as the real reader, but the first problem
 * is thrown at once; {@link #unread()} has the keys that nobody asked for.
 */
public final class FixedConfig implements ConfigReader {
    private final String path;
    private final Map<String, Object> settings;
    private final Set<String> read = new HashSet<>();

    private FixedConfig(String path, Map<String, ?> settings) {
        this.path = path;
        this.settings = new HashMap<>(settings);
    }

    public static FixedConfig of(Map<String, ?> settings) {
        return new FixedConfig("test", settings);
    }

    /** Keys of this block that have not been read. */
    public Set<String> unread() {
        Set<String> unread = new TreeSet<>(settings.keySet());
        unread.removeAll(read);
        return unread;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public boolean has(String key) {
        return settings.get(key) != null;
    }

    @Override
    public String string(String key) {
        return value(key, String.class);
    }

    @Override
    public int integer(String key, Range range) {
        return Math.toIntExact(longInteger(key, range));
    }

    @Override
    public long longInteger(String key, Range range) {
        double number = decimal(key, range);
        if (number != Math.rint(number)) {
            problem(key, number + " is not a whole number");
        }
        return (long) number;
    }

    @Override
    public double decimal(String key, Range range) {
        double number = value(key, Number.class).doubleValue();
        if (!range.contains(number)) {
            problem(key, number + " is out of range: " + range.describe());
        }
        return number;
    }

    @Override
    public boolean bool(String key) {
        return value(key, Boolean.class);
    }

    @Override
    public <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        return Enum.valueOf(type, string(key).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Override
    public List<String> strings(String key) {
        List<String> strings = new ArrayList<>();
        for (Object text : value(key, List.class)) {
            strings.add((String) text);
        }
        return strings;
    }

    @Override
    public List<Integer> integers(String key, Range range) {
        List<Integer> integers = new ArrayList<>();
        for (Object number : value(key, List.class)) {
            integers.add((Integer) number);
        }
        return integers;
    }

    @Override
    public ConfigReader object(String key) {
        return block(path + "." + key, value(key, Map.class));
    }

    @Override
    public List<ConfigReader> objects(String key) {
        List<ConfigReader> blocks = new ArrayList<>();
        for (Object block : value(key, List.class)) {
            blocks.add(block(path + "." + key + "[" + blocks.size() + "]", (Map<?, ?>) block));
        }
        return blocks;
    }

    private static FixedConfig block(String path, Map<?, ?> block) {
        Map<String, Object> settings = new HashMap<>();
        block.forEach((key, value) -> settings.put((String) key, value));
        return new FixedConfig(path, settings);
    }

    @Override
    public <T> Optional<T> absent(String key) {
        read.add(key);
        return Optional.empty();
    }

    @Override
    public void problem(String key, String message) {
        throw new ConfigException(List.of(new Problem("test", path + "." + key, message)));
    }

    private <T> T value(String key, Class<T> type) {
        read.add(key);
        Object value = settings.get(key);
        if (!type.isInstance(value)) {
            problem(key, value == null ? "is missing" : value + " is no " + type.getSimpleName());
        }
        return type.cast(value);
    }
}
