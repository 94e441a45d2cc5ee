// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.RewardFunction;

/**
 * What every {@link RewardFunction} must hold to: a pure function, safe on many threads, that no answer can break or
 * stall. Extend it and return yours; add tests of its verdicts in the same class.
 */
public abstract class RewardContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What is tested. */
    protected abstract RewardFunction reward();

    /** A question that the reward can judge. */
    protected abstract Item item();

    /** Answers of the kind that the reward expects, right and wrong. */
    protected List<String> answers() {
        return List.of(item().reference(), item().reference() + " ", "no idea");
    }

    private List<String> everything() {
        return Stream.concat(answers().stream(), HostileText.samples().stream()).toList();
    }

    private List<Outcome> verdicts(RewardFunction reward) {
        List<Outcome> verdicts = new ArrayList<>();
        for (String answer : everything()) {
            for (Finish finish : Finish.values()) {
                verdicts.add(reward.score(item(), answer, finish));
            }
        }
        return verdicts;
    }

    @Test
    @DisplayName("the same answer gets the same verdict, in any order and from any instance")
    void pure() {
        RewardFunction reward = reward();
        List<Outcome> first = verdicts(reward);
        assertThat(verdicts(reward)).isEqualTo(first);
        List<String> answers = everything();
        RewardFunction fresh = reward();
        for (int i = answers.size() - 1; i >= 0; i--) {
            int at = i * Finish.values().length;
            assertThat(fresh.score(item(), answers.get(i), Finish.values()[0])).isEqualTo(first.get(at));
        }
    }

    @Test
    @DisplayName("hostile text is judged, not thrown at the caller, and soon")
    void survivesHostileText() {
        RewardFunction reward = reward();
        for (String answer : HostileText.samples()) {
            for (Finish finish : Finish.values()) {
                assertTimeoutPreemptively(
                        PATIENCE,
                        () -> assertThatCode(() -> assertThat(reward.score(item(), answer, finish))
                                        .isNotNull())
                                .as(HostileText.name(answer))
                                .doesNotThrowAnyException());
            }
        }
    }

    @Test
    @DisplayName("an empty answer earns no more than the reference")
    void nothingEarnsNoMoreThanTheReference() {
        Outcome empty = reward().score(item(), "", Finish.EOS);
        Outcome right = reward().score(item(), item().reference(), Finish.EOS);
        if (empty instanceof Outcome.Scored nothing && right instanceof Outcome.Scored all) {
            assertThat(nothing.value()).isLessThanOrEqualTo(all.value());
        }
    }

    @Test
    @DisplayName("several threads get the verdicts that one thread gets")
    void threadSafe() throws Exception {
        RewardFunction reward = reward();
        List<Outcome> alone = verdicts(reward());
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<List<Outcome>>> work = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                work.add(() -> verdicts(reward));
            }
            for (Future<List<Outcome>> verdicts : threads.invokeAll(work)) {
                assertThat(verdicts.get()).isEqualTo(alone);
            }
        }
    }
}
