// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import java.io.File;

/** Makes every include a required one: by default HOCON takes a missing file for an empty one, and a slip in its name would go unseen. */
final class StrictIncluder implements ConfigIncluder, ConfigIncluderFile {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        ConfigParseable beside = context.relativeTo(what);
        try {
            // The library knows nothing beside a file whose name has no directory: that is the working directory.
            return beside == null
                    ? parse(context, new File(what))
                    : beside.parse(context.parseOptions().setAllowMissing(false));
        } catch (ConfigException.IO e) {
            throw new ConfigException.Generic("includes '" + what + "', and there is no such file beside it", e);
        }
    }

    /** {@code include file("…")}. */
    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        try {
            return parse(context, what);
        } catch (ConfigException.IO e) {
            throw new ConfigException.Generic("includes file '" + what + "', which is not there", e);
        }
    }

    private static ConfigObject parse(ConfigIncludeContext context, File file) {
        ConfigParseOptions options =
                context.parseOptions().setAllowMissing(false).setOriginDescription(null);
        return ConfigFactory.parseFile(file, options).root();
    }
}
