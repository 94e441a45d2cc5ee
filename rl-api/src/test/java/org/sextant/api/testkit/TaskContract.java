// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.state.StateMap;

/**
 * What every {@link Task} must hold to: questions are a pure function of split and index, training and evaluation are
 * disjoint, ids name questions. Extend it and return yours; add tests of its questions in the same class.
 */
public abstract class TaskContract {
    /** A fresh task, always with the same settings. */
    protected abstract Task task();

    /** Questions of each split that are looked at. */
    protected long sampleSize() {
        return 500;
    }

    private List<Item> sample(Task task, Split split) {
        return LongStream.range(0, Math.min(task.size(split), sampleSize()))
                .mapToObj(i -> task.item(split, i))
                .toList();
    }

    @Test
    @DisplayName("both splits have questions")
    void hasQuestions() {
        for (Split split : Split.values()) {
            assertThat(task().size(split)).as("%s", split).isPositive();
        }
    }

    @Test
    @DisplayName("a question depends on split and index alone, not on what was asked before")
    void pureFunctionOfSplitAndIndex() {
        Task backwards = task();
        for (Split split : Split.values()) {
            List<Item> forwards = sample(task(), split);
            for (int i = forwards.size() - 1; i >= 0; i--) {
                assertThat(backwards.item(split, i)).isEqualTo(forwards.get(i));
            }
        }
    }

    @Test
    @DisplayName("no question of the evaluation is in training")
    void splitsAreDisjoint() {
        List<Item> train = sample(task(), Split.TRAIN);
        List<Item> evaluation = sample(task(), Split.EVALUATION);
        assertThat(prompts(train)).doesNotContainAnyElementsOf(prompts(evaluation));
        assertThat(ids(train)).doesNotContainAnyElementsOf(ids(evaluation));
    }

    @Test
    @DisplayName("an id names one question, and the evaluation asks each question once")
    void idsAreUnique() {
        Map<String, Item> byId = new HashMap<>();
        for (Split split : Split.values()) {
            for (Item item : sample(task(), split)) {
                assertThat(item.id()).isNotBlank();
                assertThat(byId.merge(item.id(), item, (held, more) -> held)).isEqualTo(item);
            }
        }
        assertThat(sample(task(), Split.EVALUATION)).extracting(Item::id).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("the alphabet has every character of prompts, references and demonstrations")
    void alphabetCovers() {
        Task task = task();
        if (task.alphabet().isEmpty()) {
            return;
        }
        Set<Integer> alphabet = task.alphabet().codePoints().boxed().collect(Collectors.toSet());
        assertThat(alphabet).as("no character twice").hasSize((int)
                task.alphabet().codePoints().count());
        for (Split split : Split.values()) {
            for (Item item : sample(task, split)) {
                String all =
                        item.prompt() + item.reference() + item.demonstration().orElse("");
                assertThat(all.codePoints().boxed().collect(Collectors.toSet()))
                        .as(item.id())
                        .isSubsetOf(alphabet);
            }
        }
    }

    @Test
    @DisplayName("prompts are not empty, and every question has a difficulty")
    void questionsAreWhole() {
        for (Split split : Split.values()) {
            for (Item item : sample(task(), split)) {
                assertThat(item.prompt()).as(item.id()).isNotEmpty();
                assertThat(item.difficulty()).as(item.id()).isNotBlank();
            }
        }
    }

    @Test
    @DisplayName("an index that is not there is refused")
    void refusesOtherIndices() {
        Task task = task();
        for (Split split : Split.values()) {
            assertThatThrownBy(() -> task.item(split, -1)).isInstanceOf(IndexOutOfBoundsException.class);
            if (task.size(split) < Long.MAX_VALUE) {
                assertThatThrownBy(() -> task.item(split, task.size(split)))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    @DisplayName("a task restored from its saved state asks the same questions")
    void savedStateRestores() {
        Task original = task();
        sample(original, Split.TRAIN);
        StateMap saved = new StateMap();
        original.save(saved);
        Task restored = task();
        restored.load(saved);
        saved.assertAllRead();
        assertThat(sample(restored, Split.TRAIN)).isEqualTo(sample(original, Split.TRAIN));
    }

    private static Set<String> prompts(List<Item> items) {
        return items.stream().map(Item::prompt).collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<String> ids(List<Item> items) {
        return items.stream().map(Item::id).collect(Collectors.toCollection(HashSet::new));
    }
}
