// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.gsm8k;

import java.nio.file.Path;
import org.sextant.api.config.ConfigReader;

/**
 * Settings of {@link Gsm8k}; {@code gsm8k.conf} beside this class has the defaults and says what each means.
 *
 * @param train file of the training questions
 * @param test file of the evaluation questions
 * @param template prompt, with {@value #QUESTION} where the question goes
 * @param annotations whether demonstrations keep the calculations {@code <<48/2=24>>}
 */
record Gsm8kConfig(Path train, Path test, String template, boolean annotations) {
    static final String QUESTION = "{question}";

    static Gsm8kConfig read(ConfigReader own) {
        Gsm8kConfig config = new Gsm8kConfig(
                Path.of(own.string("train")),
                Path.of(own.string("test")),
                own.string("template"),
                own.bool("annotations"));
        int first = config.template.indexOf(QUESTION);
        if (first < 0 || config.template.indexOf(QUESTION, first + 1) >= 0) {
            own.problem("template", "must have " + QUESTION + " once, where the question goes");
        }
        return config;
    }

    String prompt(String question) {
        return template.replace(QUESTION, question);
    }
}
