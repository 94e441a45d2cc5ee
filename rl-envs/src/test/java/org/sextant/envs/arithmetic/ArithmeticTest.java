// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.environment.TaskProvider;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.testkit.ProviderContract;
import org.sextant.api.testkit.Settings;
import org.sextant.api.testkit.TaskContract;

class ArithmeticTest {
    private static Task task(String... settings) {
        String[] all = new String[settings.length + 1];
        all[0] = new ArithmeticProvider().defaults();
        System.arraycopy(settings, 0, all, 1, settings.length);
        Settings reader = Settings.of(all);
        Task task = new ArithmeticProvider().create(reader);
        assertThat(reader.problems()).isEmpty();
        return task;
    }

    private static List<String> problems(String settings) {
        Settings reader = Settings.of(new ArithmeticProvider().defaults(), settings);
        new ArithmeticProvider().create(reader);
        return reader.problems();
    }

    @Nested
    class Defaults extends TaskContract {
        @Override
        protected Task task() {
            return ArithmeticTest.task();
        }
    }

    @Nested
    class EveryOperatorReversed extends TaskContract {
        @Override
        protected Task task() {
            return ArithmeticTest.task(
                    "operators = [\"*\", \"-\", \"+\"], negatives = true, reversed = true, train-size = 300",
                    "left-digits { min = 2, max = 4 }, carries { min = 1, max = 3 }, evaluation-size = 700");
        }
    }

    @Nested
    class ItsProvider extends ProviderContract<TaskProvider> {
        @Override
        protected TaskProvider provider() {
            return new ArithmeticProvider();
        }

        @Override
        protected Class<TaskProvider> kind() {
            return TaskProvider.class;
        }
    }

    @Test
    void itemsReadAsPeopleWriteThem() {
        Item item = task().item(Split.TRAIN, 3);
        String[] operands = item.prompt().replace("=", "").split("\\+");
        assertThat(item.prompt()).matches("\\d{1,2}\\+\\d{1,2}=");
        assertThat(item.reference()).isEqualTo("" + (Long.parseLong(operands[0]) + Long.parseLong(operands[1])));
        assertThat(item.demonstration()).contains(item.reference());
        assertThat(item.difficulty()).matches("add\\.[12]d\\.[012]c");
        assertThat(item.id()).isEqualTo("arithmetic/" + item.prompt().replace("=", ""));
    }

    @Test
    void reversedAnswersStartWithTheLastDigit() {
        Task plain = task("operators = [\"-\"], negatives = true");
        Task reversed = task("operators = [\"-\"], negatives = true, reversed = true");
        boolean negative = false;
        for (int i = 0; i < 50; i++) {
            String answer = plain.item(Split.EVALUATION, i).reference();
            assertThat(reversed.item(Split.EVALUATION, i).reference())
                    .isEqualTo(new StringBuilder(answer).reverse().toString());
            assertThat(reversed.item(Split.EVALUATION, i).id()).endsWith("/reversed");
            negative |= answer.startsWith("-");
        }
        assertThat(negative).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'carries { min = 0, max = 0 }', 'add\\.[12]d\\.0c'",
        "'carries { min = 1, max = 1 }', 'add\\.[12]d\\.1c'",
        "'carries { min = 2, max = null }', 'add\\.2d\\.2c'",
        "'left-digits { min = 3, max = 3 }', 'add\\.3d\\.[0-3]c'"
    })
    void settingsHoldForEveryQuestion(String settings, String difficulty) {
        Task task = task(settings, "evaluation-size = 200");
        for (Split split : Split.values()) {
            for (int i = 0; i < 200; i++) {
                assertThat(task.item(split, i).difficulty()).matches(difficulty);
            }
        }
    }

    @Test
    void differencesStayAboveZeroUnlessToldOtherwise() {
        Task task = task("operators = [\"-\"]");
        for (int i = 0; i < 500; i++) {
            assertThat(task.item(Split.TRAIN, i).reference()).doesNotStartWith("-");
        }
    }

    /** A warm start and the training after it may be set up differently; what one holds out the other must not teach. */
    @Test
    void noOtherSeedOrSizeTrainsOnWhatIsHeldOut() {
        Set<String> held = new HashSet<>();
        Task evaluated = task("evaluation-size = 1500");
        LongStream.range(0, evaluated.size(Split.EVALUATION))
                .forEach(i -> held.add(evaluated.item(Split.EVALUATION, i).prompt()));
        Task other = task("seed = 77, left-digits.max = 3, operators = [\"+\", \"*\"]");
        assertThat(LongStream.range(0, 20_000)
                        .mapToObj(i -> other.item(Split.TRAIN, i).prompt()))
                .doesNotContainAnyElementsOf(held);
    }

    @Test
    void anotherSeedAsksInAnotherOrder() {
        assertThat(task("seed = 2").item(Split.TRAIN, 0)).isNotEqualTo(task().item(Split.TRAIN, 0));
        assertThat(task("seed = 2").item(Split.EVALUATION, 0)).isNotEqualTo(task().item(Split.EVALUATION, 0));
    }

    @Test
    void anOracleIsAlwaysRightAndARandomPolicyIsAtItsBaseline() {
        Task task = task("left-digits.max = 1, right-digits.max = 1, evaluation-size = 10");
        Stream random = new Streams(4).open(StreamKey.of("test"));
        assertThat(accuracy(task, ArithmeticTest::calculate, 2_000)).isEqualTo(1);
        // Any answer from 0 to 18 with the same probability is right once in 19 times, whatever the question.
        double standardError = Math.sqrt(1.0 / 19 * 18 / 19 / 20_000);
        assertThat(accuracy(task, prompt -> "" + random.nextInt(19), 20_000))
                .isCloseTo(1.0 / 19, within(4 * standardError));
    }

    private static double accuracy(Task task, Function<String, String> policy, int questions) {
        return LongStream.range(0, questions)
                .mapToObj(i -> task.item(Split.TRAIN, i))
                .mapToInt(item -> policy.apply(item.prompt()).equals(item.reference()) ? 1 : 0)
                .average()
                .orElseThrow();
    }

    private static String calculate(String prompt) {
        String[] operands = prompt.substring(0, prompt.length() - 1).split("\\+");
        return "" + (Integer.parseInt(operands[0]) + Integer.parseInt(operands[1]));
    }

    @Test
    void impossibleSettingsAreRefusedInWords() {
        assertThat(problems("left-digits.max = 1, right-digits.max = 1, carries.min = 2"))
                .anyMatch(p -> p.startsWith("carries") && p.contains("at least 2 carries") && p.contains("1 digits"));
        assertThat(problems("left-digits.max = 1, right-digits.max = 1, evaluation-size = 50"))
                .singleElement()
                .asString()
                .startsWith("evaluation-size: asks for 50 different problems, but only ")
                .contains("raise evaluation-share");
        assertThat(problems("left-digits { min = 3, max = 2 }"))
                .singleElement()
                .asString()
                .startsWith("left-digits.max: max = 2 is below min = 3");
        assertThat(problems("operators = [\"/\"]")).anyMatch(p -> p.contains("'/' is no operator"));
        assertThat(problems("operators = []")).singleElement().asString().contains("at least one operator");
        assertThat(problems("evaluation-share = 0")).singleElement().asString().contains("above 0");
    }
}
