// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.sextant.api.config.ConfigException;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Problem;
import org.sextant.api.config.Range;

/**
 * A block of HOCON. Two versions of it are held: what a person wrote, to find keys that nobody read, and the same over its defaults, to read from.
 * All readers of one configuration share their problems; {@link #finish} throws them together.
 */
public final class HoconReader implements ConfigReader {
    private final String path;
    private final String place;
    private final ConfigObject given;
    private final ConfigObject values;
    private final ReadTree read;
    private final Problems problems;

    private HoconReader(
            String path, String place, ConfigObject given, ConfigObject values, ReadTree read, Problems problems) {
        this.path = path;
        this.place = place;
        this.given = given;
        this.values = values;
        this.read = read;
        this.problems = problems;
    }

    /** The outermost block of a configuration. */
    public static HoconReader of(Layers layers) {
        return new HoconReader(
                "", layers.name(), layers.given(), layers.merged(), new ReadTree().asBlock(), new Problems());
    }

    /** The same block with more defaults under it; keys that only the defaults have need not be read. */
    public HoconReader withDefaults(ConfigObject defaults) {
        return new HoconReader(path, place, given, values.withFallback(defaults), read, problems);
    }

    /** Whether a person wrote this key, be it {@code null}; defaults do not count. */
    boolean isWritten(String key) {
        return given.containsKey(key);
    }

    /** Marks a key as read that another one takes the place of: the resolved configuration does not have it. */
    void passOver(String key) {
        read.key(key).value(null);
    }

    /** Whether the value of a key is one that another key was written after: further down in the same file, in another one, or on the command line. */
    boolean isBefore(String key, String other) {
        return Origins.before(values.get(key), values.get(other));
    }

    /** Gives up on this block: what should have read it is not known, so its other keys are not judged. */
    public void abandon() {
        read.abandon();
    }

    /** Whether something is wrong with this block, or was given up in it. */
    public boolean hasProblems() {
        return read.isAbandoned() || problems.under(path);
    }

    /** Throws all problems, unread keys among them; else returns everything that was read. Called on the outermost block. */
    public ResolvedConfig finish() {
        Unread.report(path, given, read, problems::add);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.sorted());
        }
        return new ResolvedConfig(read);
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public boolean has(String key) {
        return !isNull(values.get(key));
    }

    @Override
    public String string(String key) {
        return scalar(key, Scalars::text, Scalars.TEXT).orElse("");
    }

    @Override
    public int integer(String key, Range range) {
        return (int) longInteger(key, within(range, Integer.MIN_VALUE, Integer.MAX_VALUE), range);
    }

    @Override
    public long longInteger(String key, Range range) {
        return longInteger(key, within(range, Long.MIN_VALUE, Long.MAX_VALUE), range);
    }

    private long longInteger(String key, Range bounded, Range range) {
        return scalar(key, v -> Scalars.whole(v, bounded), Scalars.whole(range))
                .orElseGet(() -> (long) Scalars.harmless(range));
    }

    @Override
    public double decimal(String key, Range range) {
        return scalar(key, v -> Scalars.decimal(v, range), Scalars.decimal(range))
                .orElseGet(() -> Scalars.harmless(range));
    }

    @Override
    public boolean bool(String key) {
        return scalar(key, Scalars::bool, Scalars.BOOL).orElse(false);
    }

    @Override
    public <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        List<E> all = Arrays.asList(type.getEnumConstants());
        List<String> names = all.stream().map(HoconReader::written).toList();
        Function<ConfigValue, Optional<E>> parse =
                v -> Scalars.text(v).map(names::indexOf).filter(i -> i >= 0).map(all::get);
        return scalar(key, parse, "one of " + String.join(", ", names), names).orElse(all.get(0));
    }

    @Override
    public String oneOf(String key, List<String> names) {
        return scalar(key, v -> Scalars.text(v).filter(names::contains), "one of " + String.join(", ", names), names)
                .orElse(names.get(0));
    }

    @Override
    public List<String> strings(String key) {
        return list(key, Scalars::text, Scalars.TEXT);
    }

    @Override
    public List<Integer> integers(String key, Range range) {
        Range bounded = within(range, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return list(key, v -> Scalars.whole(v, bounded).map(Long::intValue), Scalars.whole(range));
    }

    @Override
    public HoconReader object(String key) {
        ReadTree tree = read.key(key).asBlock();
        ConfigValue value = values.get(key);
        if (!isNull(value) && !(value instanceof ConfigObject)) {
            wrong(key, value, "a block { … }", List.of());
            tree.abandon();
        }
        return below(Unread.join(path, key), value, given.get(key), tree);
    }

    @Override
    public List<ConfigReader> objects(String key) {
        ReadTree tree = read.key(key);
        if (!(values.get(key) instanceof ConfigList list)) {
            missingOrWrong(key, "a list of blocks [ { … }, … ]", List.of());
            return List.of();
        }
        tree.value(list);
        List<ConfigReader> blocks = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = Unread.join(path, key) + "[" + i + "]";
            if (!(list.get(i) instanceof ConfigObject)) {
                problems.add(new Problem(Origins.of(list.get(i)), at, Scalars.found(list.get(i), "a block { … }")));
                tree.item(i).abandon();
            }
            // A list is never merged with its defaults, so all of it was written by a person or none of it.
            ConfigValue written = given.containsKey(key) ? list.get(i) : null;
            blocks.add(below(at, list.get(i), written, tree.item(i)));
        }
        return blocks;
    }

    @Override
    public <T> Optional<T> absent(String key) {
        read.key(key).value(values.get(key));
        return Optional.empty();
    }

    @Override
    public void problem(String key, String message) {
        ConfigValue value = values.get(key);
        problems.add(new Problem(value == null ? place : Origins.of(value), Unread.join(path, key), message));
    }

    /** Reports a problem of the block as a whole. */
    public void problem(String message) {
        problems.add(new Problem(place, path, message));
    }

    private HoconReader below(String at, ConfigValue value, ConfigValue written, ReadTree tree) {
        ConfigObject block = value instanceof ConfigObject o ? o : ConfigValueFactory.fromMap(Map.of());
        ConfigObject own = written instanceof ConfigObject o ? o : ConfigValueFactory.fromMap(Map.of());
        String where = written == null ? place : Origins.of(written);
        return new HoconReader(
                at, where, own, block, tree, read.isAbandoned() || tree.isAbandoned() ? Problems.ignored() : problems);
    }

    private <T> Optional<T> scalar(String key, Function<ConfigValue, Optional<T>> parse, String expected) {
        return scalar(key, parse, expected, List.of());
    }

    private <T> Optional<T> scalar(
            String key, Function<ConfigValue, Optional<T>> parse, String expected, List<String> known) {
        ConfigValue value = values.get(key);
        read.key(key).value(value);
        Optional<T> parsed = isNull(value) ? Optional.empty() : parse.apply(value);
        if (parsed.isEmpty()) {
            missingOrWrong(key, expected, known);
        }
        return parsed;
    }

    private <T> List<T> list(String key, Function<ConfigValue, Optional<T>> parse, String expected) {
        ConfigValue value = values.get(key);
        read.key(key).value(value);
        if (!(value instanceof ConfigList list)) {
            missingOrWrong(key, "a list [ … ], each " + expected, List.of());
            return List.of();
        }
        List<T> parsed = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Optional<T> one = parse.apply(list.get(i));
            if (one.isEmpty()) {
                String at = Unread.join(path, key) + "[" + i + "]";
                problems.add(new Problem(Origins.of(list.get(i)), at, Scalars.found(list.get(i), expected)));
            }
            one.ifPresent(parsed::add);
        }
        return List.copyOf(parsed);
    }

    private void missingOrWrong(String key, String expected, List<String> known) {
        ConfigValue value = values.get(key);
        if (isNull(value)) {
            problem(key, "is missing; expected " + expected);
        } else {
            wrong(key, value, expected, known);
        }
    }

    private void wrong(String key, ConfigValue value, String expected, List<String> known) {
        String hint = Scalars.text(value).map(t -> Nearest.hint(t, known)).orElse("");
        problem(key, Scalars.found(value, expected) + hint);
    }

    private static boolean isNull(ConfigValue value) {
        return value == null || value.valueType() == ConfigValueType.NULL;
    }

    private static Range within(Range range, double low, double high) {
        return new Range(Math.max(range.low(), low), range.lowOpen(), Math.min(range.high(), high));
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
