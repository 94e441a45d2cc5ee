// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * The block {@code evaluation { … }}.
 *
 * @param questions how many questions of the evaluation split are asked; all, if there are fewer
 * @param every steps between evaluations during a phase; 0 for none
 * @param samples sampled answers to each question
 * @param temperature of the sampled answers
 * @param greedy whether each question is also answered greedily
 */
public record EvaluationConfig(int questions, int every, int samples, double temperature, boolean greedy) {
    static EvaluationConfig read(ConfigReader own) {
        EvaluationConfig evaluation = new EvaluationConfig(
                own.integer("questions", Range.atLeast(1)),
                own.integer("every", Range.atLeast(0)),
                own.integer("samples", Range.atLeast(0)),
                own.decimal("temperature", Range.positive()),
                own.bool("greedy"));
        if (evaluation.samples == 0 && !evaluation.greedy) {
            own.problem("samples", "is 0 and greedy is false, so no answer would be asked for; set one of them");
        }
        return evaluation;
    }
}
