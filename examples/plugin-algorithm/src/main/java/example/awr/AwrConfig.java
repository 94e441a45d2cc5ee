// SPDX-License-Identifier: Apache-2.0
package example.awr;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * Settings of {@link Awr}; {@code awr.conf} has the defaults.
 *
 * @param samplesPerPrompt answers to each question
 * @param temperature β, in units of the reward
 * @param weightLimit largest weight of an answer
 */
public record AwrConfig(int samplesPerPrompt, double temperature, double weightLimit) {
    /** Reads a block {@code algorithm { name = awr, … }}; what is wrong in it is reported with file and line. */
    static AwrConfig read(ConfigReader own) {
        return new AwrConfig(
                own.integer("samples-per-prompt", Range.atLeast(1)),
                own.decimal("temperature", Range.positive()),
                own.decimal("weight-limit", Range.atLeast(1)));
    }
}
