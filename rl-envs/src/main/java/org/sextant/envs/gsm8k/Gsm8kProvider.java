// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.gsm8k;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.environment.Task;
import org.sextant.api.environment.TaskProvider;

/** {@code task { name = gsm8k }}. */
public final class Gsm8kProvider implements TaskProvider {
    @Override
    public String name() {
        return "gsm8k";
    }

    @Override
    public String summary() {
        return "Word problems of grade-school mathematics, from the files of GSM8K";
    }

    @Override
    public Task create(ConfigReader own) {
        return new Gsm8k(Gsm8kConfig.read(own));
    }
}
