// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.sextant.api.config.ConfigException;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Problem;
import org.sextant.api.config.Range;
import org.sextant.api.model.OptimiserSettings.Schedule;

class HoconReaderTest {
    /** The messages, as a person sees them, of reading this text at {@code own} so. */
    private static List<String> problems(String hocon, Consumer<ConfigReader> reading) {
        HoconReader root = HoconReader.of(Layers.parse("x.conf", hocon, List.of()));
        readAllOfTheRunners(root);
        reading.accept(root.object("own"));
        ConfigException thrown = catchThrowableOfType(ConfigException.class, root::finish);
        return thrown == null
                ? List.of()
                : thrown.problems().stream().map(Problem::toString).toList();
    }

    /** So that the keys of reference.conf never matter here. */
    private static void readAllOfTheRunners(HoconReader root) {
        RunConfig.read(root, "test");
    }

    @Test
    void textIsNotANumber() {
        assertThat(problems("own {\n  steps = \"5\"\n}", own -> own.integer("steps", Range.atLeast(1))))
                .containsExactly(
                        "x.conf:2: own.steps: found the text \"5\"; expected a whole number, at least 1, without"
                                + " quotes");
    }

    @Test
    void numberIsNotAText() {
        assertThat(problems("own { label = 5 }", own -> own.string("label")))
                .containsExactly("x.conf:1: own.label: found 5; expected text, in quotes");
    }

    @Test
    void wrongTypesAreNamed() {
        assertThat(problems("own {\n a = yes\n b = [1]\n c = {d = 1}\n e = 1.5\n}", own -> {
                    own.bool("a");
                    own.decimal("b", Range.any());
                    own.string("c");
                    own.longInteger("e", Range.any());
                }))
                .containsExactly(
                        "x.conf:2: own.a: found the text \"yes\"; expected true or false",
                        "x.conf:3: own.b: found a list; expected a number",
                        "x.conf:4: own.c: found a block; expected text",
                        "x.conf:5: own.e: found 1.5; expected a whole number");
    }

    @Test
    void rangesAreChecked() {
        assertThat(problems("own {\n  a = 1\n  b = 0\n  c = 1.5\n  d = 3000000000\n}", own -> {
                    assertThat(own.integer("a", Range.atLeast(2))).isEqualTo(2);
                    assertThat(own.decimal("b", Range.positive())).isPositive();
                    assertThat(own.decimal("c", Range.between(0, 1))).isBetween(0.0, 1.0);
                    own.integer("d", Range.any());
                }))
                .containsExactly(
                        "x.conf:2: own.a: found 1; expected a whole number, at least 2",
                        "x.conf:3: own.b: found 0; expected a number, above 0",
                        "x.conf:4: own.c: found 1.5; expected a number, 0 to 1",
                        "x.conf:5: own.d: found 3000000000; expected a whole number");
    }

    @Test
    void wholeNumbersInScientificNotationAreWhole() {
        assertThat(problems("own { a = 1e6, b = 9007199254740993 }", own -> {
                    assertThat(own.integer("a", Range.any())).isEqualTo(1_000_000);
                    assertThat(own.longInteger("b", Range.any())).isEqualTo(9007199254740993L);
                }))
                .isEmpty();
    }

    @Test
    void missingKeyStandsWhereItsBlockStands() {
        assertThat(problems("\n\nown { }", own -> own.decimal("rate", Range.positive())))
                .containsExactly("x.conf:3: own.rate: is missing; expected a number, above 0");
        assertThat(problems("", own -> own.decimal("rate", Range.positive())))
                .containsExactly("x.conf: own.rate: is missing; expected a number, above 0");
    }

    @Test
    void enumIsWrittenInLowerCaseAndTheNearestIsNamed() {
        assertThat(problems("own { schedule = cosin }", own -> own.oneOf("schedule", Schedule.class)))
                .containsExactly(
                        "x.conf:1: own.schedule: found the text \"cosin\"; expected one of constant, linear, cosine"
                                + " (did you mean 'cosine'?)");
        assertThat(problems(
                        "own { schedule = linear }",
                        own -> assertThat(own.oneOf("schedule", Schedule.class)).isEqualTo(Schedule.LINEAR)))
                .isEmpty();
    }

    @Test
    void unknownKeysNameTheNearestAndAllThatAreAccepted() {
        assertThat(problems("own {\n  group-size = 4\n  learning-rte = 1\n}", own -> {
                    own.integer("group-size", Range.any());
                    own.has("learning-rte");
                    own.optionalDecimal("learning-rate", Range.any());
                }))
                .containsExactly("x.conf:3: own.learning-rte: unknown key (did you mean 'learning-rate'?);"
                        + " accepted here: group-size, learning-rate");
    }

    @Test
    void unknownBlockIsReportedOnce() {
        assertThat(problems("own { }\nmodell { layers = 3, hidden = 4 }", own -> {}))
                .singleElement()
                .asString()
                .startsWith("x.conf:2: modell: unknown key (did you mean 'model'?); accepted here: checkpoint,");
    }

    @Test
    void allProblemsComeAtOnceInTheOrderOfTheFile() {
        List<String> found = problems(
                "own {\n  typo = 1\n  size = -1\n  name = 3\n}\nseed = \"one\"\nmodel { heads = 3, hidden = 64 }",
                own -> {
                    own.string("name");
                    own.integer("size", Range.atLeast(0));
                });
        assertThat(found)
                .extracting(p -> p.substring(0, p.indexOf(':', 7)))
                .containsExactly("x.conf:2", "x.conf:3", "x.conf:4", "x.conf:6", "x.conf:7");
    }

    @Test
    void defaultsAreNotCountedAsUnread() {
        HoconReader root = HoconReader.of(Layers.parse("x.conf", "own { b = 7 }", List.of()));
        readAllOfTheRunners(root);
        HoconReader own =
                root.object("own").withDefaults(Layers.defaults("a = 1, b = 2, unused = 3", "defaults of test"));
        assertThat(own.integer("a", Range.any())).isEqualTo(1);
        assertThat(own.integer("b", Range.any())).isEqualTo(7);
        assertThat(root.finish().render(true))
                .contains("  a = 1                                          # defaults of test:1")
                .contains("  b = 7                                          # x.conf:1");
    }

    @Test
    void listsOfBlocksKeepTheirPaths() {
        assertThat(problems("own { parts = [ { w = 1 }, { w = -1 }, { v = 1 }, 5 ] }", own -> {
                    for (ConfigReader part : own.objects("parts")) {
                        part.decimal("w", Range.atLeast(0));
                    }
                }))
                .containsExactlyInAnyOrder(
                        "x.conf:1: own.parts[1].w: found -1; expected a number, at least 0",
                        "x.conf:1: own.parts[2].w: is missing; expected a number, at least 0",
                        "x.conf:1: own.parts[2].v: unknown key; accepted here: w",
                        "x.conf:1: own.parts[3]: found 5; expected a block { … }");
    }

    @Test
    void listsOfValuesNameTheElement() {
        assertThat(problems("own { ids = [1, x, 3], words = [a, 2], one = 1 }", own -> {
                    assertThat(own.integers("ids", Range.atLeast(0))).containsExactly(1, 3);
                    own.strings("words");
                    own.strings("one");
                }))
                .containsExactly(
                        "x.conf:1: own.ids[1]: found the text \"x\"; expected a whole number, at least 0",
                        "x.conf:1: own.words[1]: found 2; expected text, in quotes",
                        "x.conf:1: own.one: found 1; expected a list [ … ], each text");
    }

    @Test
    void nullIsAbsent() {
        assertThat(problems("own { a = null, b = null }", own -> {
                    assertThat(own.has("a")).isFalse();
                    assertThat(own.optionalInteger("a", Range.any())).isEmpty();
                    own.integer("b", Range.any());
                }))
                .containsExactly("x.conf:1: own.b: is missing; expected a whole number");
    }

    @Test
    void blockOfTheWrongTypeIsOneProblem() {
        assertThat(problems("own { inner = 5 }", own -> own.object("inner").integer("x", Range.any())))
                .containsExactly("x.conf:1: own.inner: found 5; expected a block { … }");
    }

    @Test
    void readerCanReportProblemsOfItsOwn() {
        assertThat(problems("own {\n low = 3\n high = 2\n}", own -> {
                    if (own.integer("low", Range.any()) > own.integer("high", Range.any())) {
                        own.problem("high", "is below low");
                    }
                }))
                .containsExactly("x.conf:3: own.high: is below low");
    }
}
