// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.state.StateMap;

/** Each clause of the contract catches the mistake that it is there for, and passes without it. */
class TaskContractTest {
    /** A task without mistakes; each test overrides one thing. */
    private static class Sound implements Task {
        long asked;

        @Override
        public String name() {
            return "sound";
        }

        @Override
        public long size(Split split) {
            return 20;
        }

        @Override
        public Item item(Split split, long index) {
            Objects.checkIndex(index, size(split));
            String name = (split == Split.TRAIN ? "t" : "e") + index;
            return question(name, name + "?", "9");
        }

        Item question(String id, String prompt, String answer) {
            return new Item(id, prompt, answer, Optional.empty(), "easy", Map.of());
        }

        @Override
        public String alphabet() {
            return "te?0123456789";
        }
    }

    private static void caught(Consumer<TaskContract> clause, Supplier<Task> broken) {
        assertThatCode(() -> clause.accept(contract(Sound::new))).doesNotThrowAnyException();
        assertThatThrownBy(() -> clause.accept(contract(broken))).isNotInstanceOf(NullPointerException.class);
    }

    private static TaskContract contract(Supplier<Task> tasks) {
        return new TaskContract() {
            @Override
            protected Task task() {
                return tasks.get();
            }
        };
    }

    @Test
    @DisplayName("no questions")
    void hasQuestions() {
        caught(TaskContract::hasQuestions, () -> new Sound() {
            @Override
            public long size(Split split) {
                return split == Split.TRAIN ? 20 : 0;
            }
        });
    }

    @Test
    @DisplayName("questions by the number of calls")
    void pureFunctionOfSplitAndIndex() {
        caught(TaskContract::pureFunctionOfSplitAndIndex, () -> new Sound() {
            @Override
            public Item item(Split split, long index) {
                return super.item(split, asked++ % 20);
            }
        });
    }

    @Test
    @DisplayName("a question of the evaluation in training")
    void splitsAreDisjoint() {
        caught(TaskContract::splitsAreDisjoint, () -> new Sound() {
            @Override
            public Item item(Split split, long index) {
                Item item = super.item(split, index);
                return index == 13 ? question(item.id(), "t13?", "9") : item;
            }
        });
    }

    @Test
    @DisplayName("two questions with one id")
    void idsAreUnique() {
        caught(TaskContract::idsAreUnique, () -> new Sound() {
            @Override
            Item question(String id, String prompt, String answer) {
                return super.question("q", prompt, answer);
            }
        });
    }

    @Test
    @DisplayName("an answer in letters that the alphabet lacks")
    void alphabetCovers() {
        caught(TaskContract::alphabetCovers, () -> new Sound() {
            @Override
            Item question(String id, String prompt, String answer) {
                return super.question(id, prompt, "nine");
            }
        });
    }

    @Test
    @DisplayName("a question without a prompt")
    void questionsAreWhole() {
        caught(TaskContract::questionsAreWhole, () -> new Sound() {
            @Override
            Item question(String id, String prompt, String answer) {
                return super.question(id, "", answer);
            }
        });
    }

    @Test
    @DisplayName("an index beyond the last")
    void refusesOtherIndices() {
        caught(TaskContract::refusesOtherIndices, () -> new Sound() {
            @Override
            public Item item(Split split, long index) {
                return super.item(split, Math.floorMod(index, 20));
            }
        });
    }

    @Test
    @DisplayName("saved state that is not read")
    void savedStateRestores() {
        caught(TaskContract::savedStateRestores, () -> new Sound() {
            @Override
            public void save(StateMap out) {
                out.put("asked", asked);
            }
        });
    }
}
