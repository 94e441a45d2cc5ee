// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.arithmetic;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;

/**
 * Calculations such as {@code 47+85=} with the answer {@code 132} (or {@code 231}, last digit first, the order in which carries arise).
 *
 * <p>A question is a pure function of settings, split and index. Whether a problem is one of training or of evaluation is a hash of the problem itself
 * ({@link Problem#split}), the same under every seed and every choice of digits: phases of one run may use different settings, and still none
 * trains on a problem that another evaluates. Evaluation asks each problem once; training is endless and may repeat one.
 */
final class Arithmetic implements Task {
    private final ArithmeticConfig config;
    private final Problems problems;
    private List<Problem> evaluation;

    Arithmetic(ArithmeticConfig config) {
        this.config = config;
        this.problems = new Problems(config);
    }

    @Override
    public String name() {
        return "arithmetic";
    }

    @Override
    public long size(Split split) {
        return switch (split) {
            case TRAIN -> config.trainSize().orElse(Long.MAX_VALUE);
            case EVALUATION -> evaluation().size();
        };
    }

    @Override
    public Item item(Split split, long index) {
        Objects.checkIndex(index, size(split));
        return item(
                switch (split) {
                    case TRAIN -> problems.train(index);
                    case EVALUATION -> evaluation().get(Math.toIntExact(index));
                });
    }

    private synchronized List<Problem> evaluation() {
        if (evaluation == null) {
            evaluation = problems.evaluation();
        }
        return evaluation;
    }

    private Item item(Problem problem) {
        String answer = answer(problem.result());
        String id = "arithmetic/" + problem.text() + (config.reversed() ? "/reversed" : "");
        return new Item(id, problem.text() + "=", answer, Optional.of(answer), problem.difficulty(), Map.of());
    }

    private String answer(long result) {
        String text = Long.toString(result);
        return config.reversed() ? new StringBuilder(text).reverse().toString() : text;
    }

    /** Digits, operators and the equals sign; a minus also where an answer may be negative. */
    @Override
    public String alphabet() {
        StringBuilder alphabet = new StringBuilder("0123456789=");
        config.operators().forEach(operator -> alphabet.append(operator.sign()));
        return alphabet.toString();
    }
}
