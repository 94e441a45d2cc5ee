// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.gsm8k;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the data.
 *
 * @param question in words
 * @param solution in words, with calculations as {@code <<48/2=24>>}, and {@code #### 24} as its last line
 */
record WordProblem(String question, String solution) {
    private static final String MARK = "####";
    private static final Pattern NUMBER = Pattern.compile("-?(\\d{1,3}(,\\d{3})+|\\d+)(\\.\\d+)?");
    private static final Pattern CALCULATION = Pattern.compile("<<[^<>]*>>");

    /** @throws IllegalArgumentException that says what is wrong with it */
    WordProblem {
        if (question.isBlank()) {
            throw new IllegalArgumentException("the question is empty");
        }
        int mark = solution.indexOf(MARK);
        if (mark < 0 || solution.indexOf(MARK, mark + 1) >= 0) {
            throw new IllegalArgumentException("the answer must have \"" + MARK + "\" once, before its result");
        }
        String result = solution.substring(mark + MARK.length()).strip();
        if (!NUMBER.matcher(result).matches()) {
            throw new IllegalArgumentException("the result behind \"" + MARK + "\" is \"" + result
                    + "\"; it must be a number such as -5, 1,080 or 2.5, and nothing must follow it");
        }
    }

    /** The number behind {@code ####}, without commas. */
    String result() {
        return solution.substring(solution.indexOf(MARK) + MARK.length())
                .strip()
                .replace(",", "");
    }

    /** How many calculations the solution has. */
    int steps() {
        Matcher calculations = CALCULATION.matcher(solution);
        int steps = 0;
        while (calculations.find()) {
            steps++;
        }
        return steps;
    }

    /** The solution without the calculations in angle brackets. */
    String withoutAnnotations() {
        return CALCULATION.matcher(solution).replaceAll("");
    }
}
