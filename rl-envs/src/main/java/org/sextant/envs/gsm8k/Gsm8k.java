// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.gsm8k;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.state.StateMap;

/**
 * The word problems of GSM8K (Cobbe et al. 2021, arXiv 2110.14168), in the order of their files, which the training shuffles anew for each pass.
 * The reference is the number behind {@code ####} without commas, the demonstration the solution, and the difficulty the number of its
 * calculations: {@code steps-2}. The files are read when the first question is asked for, each line checked.
 */
final class Gsm8k implements Task {
    private final Gsm8kConfig config;
    private Map<Split, List<WordProblem>> problems;

    Gsm8k(Gsm8kConfig config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "gsm8k";
    }

    @Override
    public long size(Split split) {
        return problems(split).size();
    }

    @Override
    public Item item(Split split, long index) {
        List<WordProblem> all = problems(split);
        WordProblem problem = all.get((int) Objects.checkIndex(index, (long) all.size()));
        return new Item(
                "gsm8k/" + (split == Split.TRAIN ? "train/" : "test/") + (index + 1),
                config.prompt(problem.question()),
                problem.result(),
                Optional.of(config.annotations() ? problem.solution() : problem.withoutAnnotations()),
                "steps-" + problem.steps(),
                Map.of());
    }

    private Path file(Split split) {
        return split == Split.TRAIN ? config.train() : config.test();
    }

    private synchronized List<WordProblem> problems(Split split) {
        if (problems == null) {
            problems = read();
        }
        return problems.get(split);
    }

    private Map<Split, List<WordProblem>> read() {
        Map<Split, List<WordProblem>> read = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            read.put(split, ProblemFile.read(file(split)));
        }
        Set<String> learnt =
                read.get(Split.TRAIN).stream().map(WordProblem::question).collect(Collectors.toSet());
        List<WordProblem> asked = read.get(Split.EVALUATION);
        for (int i = 0; i < asked.size(); i++) {
            if (learnt.contains(asked.get(i).question())) {
                throw new IllegalArgumentException(config.test() + ":" + (i + 1) + ": the question is in "
                        + config.train() + " too; what is trained on cannot be measured with");
            }
        }
        return read;
    }

    /** A run goes on with the questions that it began with, wherever the files lie now. */
    @Override
    public void save(StateMap out) {
        for (Split split : Split.values()) {
            out.put(split.name(), checksum(split));
        }
    }

    @Override
    public void load(StateMap in) {
        for (Split split : Split.values()) {
            if (in.getLong(split.name()) != checksum(split)) {
                throw new IllegalArgumentException(file(split)
                        + ": has other questions than when the run began; restore" + " the file, or start a new run");
            }
        }
    }

    private long checksum(Split split) {
        CRC32C sum = new CRC32C();
        problems(split)
                .forEach(p -> sum.update((p.question() + '\0' + p.solution() + '\0').getBytes(StandardCharsets.UTF_8)));
        return sum.getValue();
    }
}
