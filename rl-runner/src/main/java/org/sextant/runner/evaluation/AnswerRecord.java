// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.evaluation;

/**
 * One line of {@code eval.jsonl}: a question and one answer to it.
 *
 * @param phase position of the phase, from 0
 * @param moment {@code before}, {@code after} or {@code step-N}
 * @param question stable id of the question
 * @param sample number of the sampled answer, or -1 for the greedy one
 * @param reward null where the reward abstained or failed
 */
public record AnswerRecord(
        int phase,
        String moment,
        int step,
        String question,
        String difficulty,
        String prompt,
        String reference,
        int sample,
        String answer,
        Double reward,
        String finish) {}
