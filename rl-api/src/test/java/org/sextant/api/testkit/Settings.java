// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * A {@link ConfigReader} for tests of plugins: a provider's defaults with a few keys changed. It keeps the problems
 * that were reported and the keys that nobody read; texts are written in plain HOCON without substitutions.
 *
 * <pre>{@code
 * Settings settings = Settings.of(provider.defaults(), "kl.coefficient = 0");
 * Algorithm algorithm = provider.create(settings);
 * assertThat(settings.problems()).isEmpty();
 * }</pre>
 */
public final class Settings implements ConfigReader {
    private final String path;
    private final Map<String, Object> values;
    private final List<String> problems;
    private final Set<String> read = new TreeSet<>();
    private final Map<String, Settings> blocks = new LinkedHashMap<>();

    private Settings(String path, Map<String, Object> values, List<String> problems) {
        this.path = path;
        this.values = values;
        this.problems = problems;
    }

    /** Settings of these texts, later ones over earlier ones. */
    public static Settings of(String... hocon) {
        return new Settings("", HoconSubset.parse(hocon), new ArrayList<>());
    }

    /** {@code path: message} for each problem. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Keys with a value, or null, that nobody read. */
    public Set<String> unread() {
        Set<String> unread = new TreeSet<>();
        values.keySet().stream()
                .filter(key -> !read.contains(key))
                .map(this::full)
                .forEach(unread::add);
        blocks.values().forEach(block -> unread.addAll(block.unread()));
        return unread;
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public boolean has(String key) {
        return !HoconSubset.isNull(values.get(key));
    }

    private <T> T value(String key, Class<T> type, T harmless) {
        read.add(key);
        Object value = values.get(key);
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        problem(key, HoconSubset.isNull(value) ? "is missing" : "'" + value + "' is no " + type.getSimpleName());
        return harmless;
    }

    @Override
    public String string(String key) {
        return value(key, String.class, "");
    }

    @Override
    public int integer(String key, Range range) {
        return Math.toIntExact(longInteger(key, range));
    }

    @Override
    public long longInteger(String key, Range range) {
        double value = decimal(key, range);
        if (value != Math.rint(value)) {
            problem(key, value + " is no whole number");
        }
        return (long) value;
    }

    @Override
    public double decimal(String key, Range range) {
        double harmless = range.contains(1) ? 1 : range.low();
        double value = value(key, Double.class, harmless);
        if (!range.contains(value)) {
            problem(key, value + " is not " + range.describe());
            return harmless;
        }
        return value;
    }

    @Override
    public boolean bool(String key) {
        return value(key, Boolean.class, false);
    }

    @Override
    public <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        String value = value(key, String.class, "");
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(value)) {
                return constant;
            }
        }
        problem(key, "'" + value + "' is none of " + Arrays.toString(type.getEnumConstants()));
        return type.getEnumConstants()[0];
    }

    @Override
    public String oneOf(String key, List<String> names) {
        String value = value(key, String.class, "");
        if (names.contains(value)) {
            return value;
        }
        problem(key, "'" + value + "' is none of " + names);
        return names.get(0);
    }

    @Override
    public List<String> strings(String key) {
        return list(key, String.class);
    }

    @Override
    public List<Integer> integers(String key, Range range) {
        return list(key, Double.class).stream().map(Double::intValue).toList();
    }

    private <T> List<T> list(String key, Class<T> type) {
        List<?> list = value(key, List.class, List.of());
        return list.stream().map(type::cast).toList();
    }

    @Override
    @SuppressWarnings("unchecked")
    public ConfigReader object(String key) {
        return blocks.computeIfAbsent(key, k -> new Settings(full(k), value(k, Map.class, Map.of()), problems));
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<ConfigReader> objects(String key) {
        List<ConfigReader> readers = new ArrayList<>();
        for (Map<String, Object> block : list(key, Map.class)) {
            String name = key + "[" + readers.size() + "]";
            readers.add(blocks.computeIfAbsent(name, k -> new Settings(full(k), block, problems)));
        }
        return readers;
    }

    @Override
    public <T> Optional<T> absent(String key) {
        read.add(key);
        return Optional.empty();
    }

    @Override
    public void problem(String key, String message) {
        problems.add(full(key) + ": " + message);
    }
}
