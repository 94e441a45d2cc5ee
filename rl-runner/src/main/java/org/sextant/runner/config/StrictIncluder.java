// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;

/** Makes every include a required one: by default HOCON takes a missing file for an empty one, and a slip in its name would go unseen. */
final class StrictIncluder implements ConfigIncluder {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        try {
            return context.relativeTo(what).parse(context.parseOptions().setAllowMissing(false));
        } catch (ConfigException.IO e) {
            throw new ConfigException.Generic("includes '" + what + "', and there is no such file beside it", e);
        }
    }
}
