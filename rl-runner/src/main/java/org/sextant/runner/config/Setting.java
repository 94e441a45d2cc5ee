// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sextant.api.config.Problem;

/**
 * One value from the command line, which wins over all files.
 *
 * @param path keys from the outside in; a number is a place in a list, from 0
 * @param value the value
 */
public record Setting(List<String> path, ConfigValue value) {
    /** How the origin of every value begins. */
    static final String COMMAND_LINE = "command line ";

    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");
    private static final Pattern WRITTEN_AS_HOCON =
            Pattern.compile("[\\[{\"].*|true|false|null|-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?", Pattern.DOTALL);

    /** An option {@code --set path=value}: {@code --set phases[1].optimiser.learning-rate=3e-4}. */
    public static Setting parse(String option) {
        int equals = option.indexOf('=');
        if (equals < 1) {
            throw bad("--set", option, "expected path=value, for example --set seed=2");
        }
        return of(
                "--set",
                option.substring(0, equals).strip(),
                option.substring(equals + 1).strip());
    }

    /** An option of its own that stands for a key. */
    public static Setting of(String option, String path, String text) {
        List<String> keys;
        try {
            keys = ConfigUtil.splitPath(INDEX.matcher(path).replaceAll(".$1"));
        } catch (ConfigException e) {
            throw bad(option, path, "is not a path of keys such as phases[0].steps");
        }
        return new Setting(keys, value(option, path, text));
    }

    /** Numbers, true, false, null, lists, blocks and quoted texts as in a file; all else is text as it stands, which no shell need quote twice. */
    private static ConfigValue value(String option, String path, String text) {
        String origin = COMMAND_LINE + option;
        if (!WRITTEN_AS_HOCON.matcher(text).matches()) {
            return ConfigValueFactory.fromAnyRef(text, origin);
        }
        try {
            ConfigValue parsed = ConfigFactory.parseString("value = " + text)
                    .resolve()
                    .root()
                    .get("value");
            return ConfigValueFactory.fromAnyRef(parsed.unwrapped(), origin);
        } catch (ConfigException e) {
            throw bad(option, path, "the value " + text + " is not HOCON: " + e.getMessage());
        }
    }

    /** The same path as a file would write it, unless it goes into a list. */
    Optional<String> plainPath() {
        boolean intoList = path.stream().anyMatch(key -> key.matches("\\d+"));
        return intoList ? Optional.empty() : Optional.of(ConfigUtil.joinPath(path));
    }

    private static org.sextant.api.config.ConfigException bad(String option, String path, String message) {
        return new org.sextant.api.config.ConfigException(List.of(new Problem(COMMAND_LINE + option, path, message)));
    }
}
