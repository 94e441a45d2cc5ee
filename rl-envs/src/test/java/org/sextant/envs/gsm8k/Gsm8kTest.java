// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.gsm8k;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.environment.TaskProvider;
import org.sextant.api.state.StateMap;
import org.sextant.api.testkit.ProviderContract;
import org.sextant.api.testkit.Settings;
import org.sextant.api.testkit.TaskContract;

class Gsm8kTest {
    @TempDir
    Path directory;

    private static Path data(String name) {
        try {
            return Path.of(Gsm8kTest.class.getResource("/gsm8k/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String files(Path train, Path test) {
        return "train = \"" + train + "\", test = \"" + test + "\"";
    }

    private static Task task(String... settings) {
        return task(data("train.jsonl"), data("test.jsonl"), settings);
    }

    private static Task task(Path train, Path test, String... settings) {
        Settings reader = Settings.of(new Gsm8kProvider().defaults(), files(train, test), String.join("\n", settings));
        Task task = new Gsm8kProvider().create(reader);
        assertThat(reader.problems()).isEmpty();
        return task;
    }

    @Nested
    class Defaults extends TaskContract {
        @Override
        protected Task task() {
            return Gsm8kTest.task();
        }
    }

    @Nested
    class ItsProvider extends ProviderContract<TaskProvider> {
        @Override
        protected TaskProvider provider() {
            return new Gsm8kProvider();
        }

        @Override
        protected Class<TaskProvider> kind() {
            return TaskProvider.class;
        }

        @Override
        protected String required() {
            return "train = a.jsonl, test = b.jsonl";
        }
    }

    // ---- questions

    @Test
    void itemsAreTheLinesOfTheFile() {
        Item first = task().item(Split.TRAIN, 0);
        assertThat(first.id()).isEqualTo("gsm8k/train/1");
        assertThat(first.prompt())
                .isEqualTo(
                        "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May."
                                + " How many clips did Natalia sell altogether in April and May?\nLet's think step by step and give"
                                + " the final answer after \"####\".\n");
        assertThat(first.reference()).isEqualTo("72");
        assertThat(first.demonstration())
                .contains("Natalia sold 48/2 = 24 clips in May.\nNatalia sold 48+24 = 72 clips altogether in April and"
                        + " May.\n#### 72");
        assertThat(first.difficulty()).isEqualTo("steps-2");
        assertThat(task().size(Split.TRAIN)).isEqualTo(14);
        assertThat(task().size(Split.EVALUATION)).isEqualTo(10);
    }

    /** Read off the files by eye. */
    @Test
    void resultsAndStepsAreThoseOfTheSolutions() {
        assertThat(items(Split.EVALUATION).map(Item::reference))
                .containsExactly("18", "3", "70000", "540", "20", "64", "260", "160", "-10", "2125");
        assertThat(items(Split.TRAIN).map(Item::difficulty))
                .containsExactly(
                        "steps-2", "steps-2", "steps-3", "steps-4", "steps-3", "steps-5", "steps-3", "steps-3",
                        "steps-2", "steps-7", "steps-2", "steps-5", "steps-3", "steps-0");
        assertThat(items(Split.EVALUATION).map(Item::id)).startsWith("gsm8k/test/1", "gsm8k/test/2");
    }

    private static Stream<Item> items(Split split) {
        Task task = task();
        return LongStream.range(0, task.size(split)).mapToObj(i -> task.item(split, i));
    }

    @Test
    void templateAndAnnotationsAreSettings() {
        Task task = task("template = \"Question: {question}\\nAnswer:\"", "annotations = true");
        Item second = task.item(Split.TRAIN, 1);
        assertThat(second.prompt()).startsWith("Question: Weng earns $12").endsWith("did she earn?\nAnswer:");
        assertThat(second.demonstration().orElseThrow()).contains("$<<12/60=0.2>>0.2 per minute");
    }

    @ParameterizedTest
    @CsvSource({"no place", "'{question} and {question}'"})
    void aTemplateHasOnePlaceForTheQuestion(String template) {
        Settings settings =
                Settings.of(new Gsm8kProvider().defaults(), "train = a, test = b, template = \"" + template + "\"");
        new Gsm8kProvider().create(settings);
        assertThat(settings.problems()).singleElement().asString().startsWith("template: must have {question} once");
    }

    @Test
    void bothFilesMustBeGiven() {
        Settings settings = Settings.of(new Gsm8kProvider().defaults());
        new Gsm8kProvider().create(settings);
        assertThat(settings.problems())
                .hasSize(2)
                .anyMatch(p -> p.startsWith("train"))
                .anyMatch(p -> p.startsWith("test"));
    }

    // ---- files

    private Path file(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines));
    }

    private static final String GOOD = "{\"question\": \"1+1?\", \"answer\": \"2\\n#### 2\"}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"question\": | not JSON: ",
                "`` | the line is empty",
                "[] | has no question; {\"question\"",
                "{\"question\": \"q\"} | has no answer",
                "{\"question\": 5, \"answer\": \"#### 2\"} | question is no text",
                "{\"question\": \" \", \"answer\": \"#### 2\"} | the question is empty",
                "{\"question\": \"q\", \"answer\": \"2\"} | must have \"####\" once",
                "{\"question\": \"q\", \"answer\": \"#### 2\\n#### 3\"} | must have \"####\" once",
                "{\"question\": \"q\", \"answer\": \"#### two\"} | the result behind \"####\" is \"two\"; it must be a number",
                "{\"question\": \"q\", \"answer\": \"#### 1,00\"} | is \"1,00\"",
                "{\"question\": \"q\", \"answer\": \"#### 1\\nso there\"} | nothing must follow it",
                "{\"question\": \"q\", \"question\": \"q\", \"answer\": \"#### 2\"} | Duplicate field",
                "{\"question\": \"q\", \"answer\": \"#### 2\"} {} | not JSON",
            })
    void aLineThatIsNoProblemIsNamed(String line, String message) throws IOException {
        Path train = file("train.jsonl", GOOD, GOOD.replace("1+1", "2+2"), line, GOOD);
        Task task = task(train, data("test.jsonl"));
        assertThatThrownBy(() -> task.size(Split.TRAIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(train + ":3: ")
                .hasMessageContaining(message);
    }

    @Test
    void filesThatAreMissingOrEmptyOrNotTextAreNamed() throws IOException {
        Path missing = directory.resolve("missing.jsonl");
        assertThatThrownBy(() -> task(missing, missing).item(Split.TRAIN, 0))
                .hasMessageContaining(missing + ": there is no such file")
                .hasMessageContaining("openai/grade-school-math");
        Path empty = Files.createFile(directory.resolve("empty.jsonl"));
        assertThatThrownBy(() -> task(empty, missing).size(Split.TRAIN)).hasMessageContaining(empty + ": has no line");
        Path binary = Files.write(directory.resolve("binary.jsonl"), new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> task(binary, missing).size(Split.TRAIN)).hasMessageContaining("not encoded in UTF-8");
    }

    @Test
    void aQuestionOfBothFilesIsRefused() throws IOException {
        Path train = file("train.jsonl", GOOD);
        Path test = file("test.jsonl", GOOD.replace("1+1", "2+2"), GOOD);
        assertThatThrownBy(() -> task(train, test).size(Split.TRAIN))
                .hasMessageContaining(test + ":2: the question is in " + train + " too");
    }

    @Test
    void aRunDoesNotGoOnWithOtherQuestions() throws IOException {
        Path train = file("train.jsonl", GOOD);
        StateMap saved = new StateMap();
        task(train, data("test.jsonl")).save(saved);
        file("train.jsonl", GOOD.replace("1+1", "1 + 1"));
        assertThatThrownBy(() -> task(train, data("test.jsonl")).load(saved))
                .hasMessageContaining(train + ": has other questions than when the run began");
    }

    /** Counted by an independent script over the published files. */
    @Test
    void theWholeDataSetWhereItLiesBesideTheCheckout() {
        Path data = Path.of("../../shared/data/gsm8k").toAbsolutePath().normalize();
        assumeTrue(Files.isDirectory(data), "no GSM8K at " + data);
        Task task = task(data.resolve("train.jsonl"), data.resolve("test.jsonl"));
        assertThat(task.size(Split.TRAIN)).isEqualTo(7473);
        assertThat(task.size(Split.EVALUATION)).isEqualTo(1319);
        Map<String, Long> steps = LongStream.range(0, 1319)
                .mapToObj(i -> task.item(Split.EVALUATION, i).difficulty())
                .collect(Collectors.groupingBy(d -> d, TreeMap::new, Collectors.counting()));
        assertThat(steps)
                .containsEntry("steps-0", 18L)
                .containsEntry("steps-3", 364L)
                .containsEntry("steps-8", 9L);
    }
}
