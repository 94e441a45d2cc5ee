// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.sextant.api.config.ConfigException;
import org.sextant.runner.config.Layers;
import org.sextant.runner.config.Setting;

class ExperimentReaderTest {
    private static final String GOOD = """
        task { name = counting, upto = 5 }
        reward { name = constant }
        phases = [
          { kind = rest }
          { kind = learn, steps = 7, algorithm { name = rule } }
        ]
        """;

    private static Experiment read(String hocon, String... settings) {
        List<Setting> overrides = Arrays.stream(settings).map(Setting::parse).toList();
        return new ExperimentReader(Fakes.catalogs()).read(Layers.parse("conf/x.conf", hocon, overrides));
    }

    private static List<String> problems(String hocon, String... settings) {
        Throwable thrown = catchThrowable(() -> read(hocon, settings));
        assertThat(thrown).isInstanceOf(ConfigException.class);
        return Fakes.lines(thrown);
    }

    @Test
    void buildsWhatTheConfigurationNamesOverItsDefaults() {
        Experiment experiment = read(GOOD);
        assertThat(experiment.phases())
                .containsExactly(new Fakes.Learn(3, new Fakes.Rule(1)), new Fakes.Learn(7, new Fakes.Rule(8)));
        assertThat(experiment.config().name()).isEqualTo("x");
        assertThat(experiment.task().name()).isEqualTo("counting");
        assertThat(read(GOOD, "phases[1].algorithm.group-size=4").phases().get(1))
                .isEqualTo(new Fakes.Learn(7, new Fakes.Rule(4)));
    }

    @Test
    void everyKeyOfTheReferenceIsRead() {
        assertThat(read(GOOD).resolved().leaves().keySet())
                .containsAll(new TreeSet<>(Layers.reference().toConfig().entrySet().stream()
                        .map(java.util.Map.Entry::getKey)
                        .toList()));
    }

    @Test
    void resolvedTextGivesTheSameRun() {
        Experiment once = read(GOOD, "model.layers=3");
        Experiment again = read(once.resolved().render(true));
        assertThat(again.resolved().leaves()).isEqualTo(once.resolved().leaves());
        assertThat(again.resolved().identity())
                .isEqualTo(once.resolved().identity())
                .hasSize(64);
    }

    @Test
    void identityIsWhatIsComputedNotWhereOrHow() {
        String identity = read(GOOD).resolved().identity();
        assertThat(read(
                                GOOD,
                                "threads=1",
                                "kernels=reference",
                                "run.dir=/elsewhere",
                                "name=other",
                                "log.samples-every=1",
                                "checkpoint.every=2")
                        .resolved()
                        .identity())
                .isEqualTo(identity);
        assertThat(read(GOOD, "seed=2").resolved().identity()).isNotEqualTo(identity);
        assertThat(read(GOOD, "phases[1].algorithm.group-size=4").resolved().identity())
                .isNotEqualTo(identity);
        assertThat(read(GOOD, "phases[1].algorithm.group-size=8").resolved().identity())
                .isEqualTo(identity);
    }

    @Test
    void equalNumbersAreEqualHoweverTheyAreWritten() {
        assertThat(read("sampling { temperature = 1, min-p = 3e-1 }\n" + GOOD)
                        .resolved()
                        .identity())
                .isEqualTo(read(GOOD, "sampling.temperature=1.00", "sampling.min-p=0.3")
                        .resolved()
                        .identity());
    }

    @Test
    void unknownNameShowsPlaceKnownNamesAndTheNearest() {
        assertThat(problems(GOOD.replace("name = rule", "name = ruel, clip = 3")))
                .containsExactly(
                        "conf/x.conf:5: phases[1].algorithm.name: found 'ruel', which is no algorithm (did you mean"
                                + " 'rule'?); known: other, rule");
    }

    @Test
    void missingPartsAreNamed() {
        assertThat(problems("seed = 1"))
                .containsExactly(
                        "conf/x.conf: task.name: is missing; expected text",
                        "conf/x.conf: reward.name: is missing; expected text",
                        "conf/x.conf: phases: is missing; expected a list of blocks [ { … }, … ]");
        assertThat(problems(GOOD, "phases=[]"))
                .containsExactly("command line --set: phases: is empty; a run has at least one phase");
    }

    @Test
    void anAlgorithmOutsideAPhaseIsToldWhereItBelongs() {
        assertThat(problems(GOOD, "algorithm.name=grpo"))
                .anyMatch(problem ->
                        problem.contains("algorithm: belongs in a phase: phases = [ { kind = rl, algorithm"));
    }

    @Test
    void aShapeBesideASavedModelIsRefusedIfAPersonWroteIt() {
        String refused = " is for a fresh model, and path names a saved one, which has its own: leave it out";
        assertThat(problems(GOOD, "model.path=x", "model.layers=9", "model.tied=false"))
                .containsExactlyInAnyOrder(
                        "command line --set: model.layers:" + refused, "command line --set: model.tied:" + refused);
        assertThat(problems("model { path = x, hidden = 8 }\n" + GOOD))
                .containsExactly("conf/x.conf:1: model.hidden:" + refused);
        Experiment saved = read("model { path = x, intermediate = null }\n" + GOOD);
        assertThat(saved.config().model().fresh()).isEmpty();
    }

    @Test
    void aPathThatIsWrittenLaterTakesThePlaceOfAShape() {
        Experiment saved = read("model { hidden = 8, heads = 2 }\n" + GOOD, "model.path=x");
        assertThat(saved.config().model().fresh()).isEmpty();
        assertThat(read("model { hidden = 8, heads = 2 }\n" + GOOD + "model.path = x")
                        .config()
                        .model())
                .isEqualTo(saved.config().model());
        assertThat(problems("model.path = x\nmodel { hidden = 8 }\n" + GOOD)).hasSize(1);
        assertThat(read(saved.resolved().render(true)).config().model())
                .isEqualTo(saved.config().model());
    }

    @Test
    void anAdapterWithoutTargetsIsReportedOnce() {
        assertThat(problems(GOOD, "model.path=x", "model.adapter={rank=2}"))
                .containsExactly(
                        "command line --set: model.adapter.targets: is missing; expected a list [ … ], each text");
        assertThat(problems(GOOD, "model.path=x", "model.adapter={rank=2, targets=[]}"))
                .containsExactly(
                        "command line --set: model.adapter.targets: is empty; name the modules to adapt, such as"
                                + " q_proj and v_proj");
    }

    @Test
    void problemsOfAllPartsComeTogether() {
        assertThat(problems("""
            task { name = counting, upto = 500 }
            reward { name = constant, valeu = 2 }
            phases = [
              { kind = learn, algorithm { name = rule, group-size = 0 } }
              { kind = lern, what = ever }
            ]
            threads = two
            """))
                .containsExactly(
                        "conf/x.conf:1: task.upto: found 500; expected a whole number, 1 to 100",
                        "conf/x.conf:2: reward.valeu: unknown key (did you mean 'value'?); accepted here: name, value",
                        "conf/x.conf:4: phases[0].algorithm.group-size: found 0; expected a whole number, at least 1",
                        "conf/x.conf:5: phases[1].kind: found 'lern', which is no phase (did you mean 'learn'?);"
                                + " known: learn, rest",
                        "conf/x.conf:7: threads: found the text \"two\"; expected a whole number, at least 0");
    }

    @Test
    void whatAPartItselfRefusesIsAProblemOfItsBlock() {
        assertThat(problems(GOOD, "phases[1].algorithm.group-size=13"))
                .containsExactly("conf/x.conf:5: phases[1].algorithm: 13 is unlucky");
    }

    @Test
    void settingOnTheCommandLineIsNamedAsTheOrigin() {
        assertThat(problems(GOOD, "sampling.temperature=0", "sampling.top_k=5"))
                .containsExactlyInAnyOrder(
                        "command line --set: sampling.temperature: found 0; expected a number, above 0",
                        "command line --set: sampling.top_k: unknown key (did you mean 'top-k'?); accepted here:"
                                + " epsilon-cutoff, greedy, max-new-tokens, min-length, min-p, no-repeat-ngram,"
                                + " repetition-penalty, stop-strings, suppressed, temperature, top-k, top-p, typical-p");
    }

    @Test
    void shapesOfModelsAreChecked() {
        assertThat(problems(GOOD, "model.hidden=30", "model.heads=4", "model.key-value-heads=3"))
                .containsExactlyInAnyOrder(
                        "command line --set: model.hidden: 30 is not a multiple of heads = 4",
                        "command line --set: model.key-value-heads: 3 does not divide heads = 4");
        assertThat(problems(GOOD, "model.hidden=12", "model.heads=4"))
                .containsExactly(
                        "command line --set: model.hidden: hidden / heads = 3 is odd; rotary positions turn pairs, so"
                                + " it must be even");
        assertThat(read(GOOD, "model.hidden=64")
                        .config()
                        .model()
                        .fresh()
                        .orElseThrow()
                        .intermediate())
                .isEqualTo(176);
        assertThat(read(GOOD, "model.hidden=256")
                        .config()
                        .model()
                        .fresh()
                        .orElseThrow()
                        .intermediate())
                .isEqualTo(688);
    }

    @Test
    void evaluationAsksForSomething() {
        assertThat(problems(GOOD, "evaluation.samples=0", "evaluation.greedy=false"))
                .containsExactly(
                        "command line --set: evaluation.samples: is 0 and greedy is false, so no answer would be asked"
                                + " for; set one of them");
    }

    @Test
    void nameOfARunNamesADirectory() {
        assertThat(problems(GOOD, "name=\"a/b\""))
                .containsExactly(
                        "command line --set: name: found \"a/b\"; it names a directory: letters, digits, '.', '_' and"
                                + " '-', a letter or digit first");
    }
}
