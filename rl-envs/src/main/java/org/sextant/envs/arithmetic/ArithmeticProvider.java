// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.arithmetic;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.environment.TaskProvider;

/** {@code task { name = arithmetic }}. */
public final class ArithmeticProvider implements TaskProvider {
    @Override
    public String name() {
        return "arithmetic";
    }

    @Override
    public String summary() {
        return "Sums, differences and products of whole numbers, with chosen digits and carries";
    }

    @Override
    public Task create(ConfigReader own) {
        ArithmeticConfig config = ArithmeticConfig.read(own);
        Arithmetic task = new Arithmetic(config);
        if (config.sane()) {
            new Problems(config).impossible().ifPresent(why -> own.problem("carries", why));
            long found = task.size(Split.EVALUATION);
            if (found < config.evaluationSize()) {
                own.problem(
                        "evaluation-size",
                        "asks for " + config.evaluationSize() + " different problems, but only " + found
                                + " were found; lower it, raise evaluation-share or allow more digits");
            }
        }
        return task;
    }
}
