// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sextant.api.config.Problem;

/**
 * A configuration before it is read: command line over experiment file over the runner's {@code reference.conf}. The defaults of plugins
 * come under their blocks later, when it is known which plugins are chosen.
 *
 * @param name the file, as the user named it
 * @param given what the user wrote, in files and on the command line
 * @param merged the same over {@code reference.conf}
 */
public record Layers(String name, ConfigObject given, ConfigObject merged) {
    /**
     * Reads a file and what it includes.
     *
     * @throws org.sextant.api.config.ConfigException if it is not there or not HOCON, with file and line
     */
    public static Layers load(Path file, List<Setting> settings) {
        if (!Files.isRegularFile(file)) {
            throw failure(
                    file.toString(),
                    Files.isDirectory(file) ? "is a directory, not a configuration file" : "no such file");
        }
        ConfigParseOptions strict = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setAllowMissing(false)
                .setIncluder(new StrictIncluder());
        return of(file.toString(), () -> ConfigFactory.parseFile(file.toFile(), strict), settings);
    }

    /** The same from a text; {@code name} stands where the file name would. */
    public static Layers parse(String name, String hocon, List<Setting> settings) {
        ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(name);
        return of(name, () -> ConfigFactory.parseString(hocon, options), settings);
    }

    /** The runner's own defaults. */
    public static ConfigObject reference() {
        try (InputStream in = Layers.class.getResourceAsStream("reference.conf")) {
            return defaults(new String(in.readAllBytes(), StandardCharsets.UTF_8), "reference.conf");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Parses the default settings of a part.
     *
     * @param origin what to call the text where a value of it is shown
     */
    public static ConfigObject defaults(String hocon, String origin) {
        try {
            return ConfigFactory.parseString(
                            hocon, ConfigParseOptions.defaults().setOriginDescription(origin))
                    .resolve()
                    .root();
        } catch (ConfigException e) {
            throw failure(origin, e);
        }
    }

    /** The key {@code plugins}, which must be known before everything else; what is wrong with it is reported when all is read. */
    public List<Path> plugins() {
        return merged.get("plugins") instanceof ConfigList list
                ? list.stream()
                        .flatMap(v -> Scalars.text(v).stream())
                        .map(Path::of)
                        .toList()
                : List.of();
    }

    private static Layers of(String name, java.util.function.Supplier<Config> parse, List<Setting> settings) {
        try {
            Config given = parse.get();
            for (Setting setting : settings) {
                if (setting.plainPath().isPresent()) {
                    given = ConfigFactory.empty()
                            .withValue(setting.plainPath().get(), setting.value())
                            .withFallback(given);
                }
            }
            Config merged = given.withFallback(reference()).resolve();
            ConfigObject written = given.resolveWith(merged).root();
            ConfigObject all = merged.root();
            for (Setting setting : settings) {
                if (setting.plainPath().isEmpty()) {
                    written = (ConfigObject) replaced(written, setting, 0);
                    all = (ConfigObject) replaced(all, setting, 0);
                }
            }
            return new Layers(name, written, all);
        } catch (ConfigException e) {
            throw failure(name, e);
        }
    }

    private static ConfigValue replaced(ConfigValue in, Setting setting, int depth) {
        if (depth == setting.path().size()) {
            return setting.value();
        }
        String key = setting.path().get(depth);
        if (in instanceof ConfigList list) {
            int index = key.matches("\\d{1,9}") ? Integer.parseInt(key) : list.size();
            if (index >= list.size()) {
                throw failure(setting, "[" + key + "] is not in a list of " + list.size() + "; the first is [0]");
            }
            List<ConfigValue> items = new ArrayList<>(list);
            items.set(index, replaced(list.get(index), setting, depth + 1));
            return ConfigValueFactory.fromIterable(items, Origins.of(list));
        }
        ConfigObject block = in instanceof ConfigObject o ? o : ConfigValueFactory.fromMap(Map.of());
        return block.withValue(key, replaced(block.get(key), setting, depth + 1));
    }

    private static org.sextant.api.config.ConfigException failure(Setting setting, String message) {
        String path = String.join(".", setting.path());
        return new org.sextant.api.config.ConfigException(
                List.of(new Problem(setting.value().origin().description(), path, message)));
    }

    private static org.sextant.api.config.ConfigException failure(String name, ConfigException e) {
        if (e.origin() == null) {
            return failure(name, e.getMessage());
        }
        String start = e.origin().description() + ": ";
        String text = e.getMessage().startsWith(start) ? e.getMessage().substring(start.length()) : e.getMessage();
        return failure(Origins.of(e.origin()), text);
    }

    private static org.sextant.api.config.ConfigException failure(String origin, String message) {
        return new org.sextant.api.config.ConfigException(List.of(new Problem(origin, "", message)));
    }
}
