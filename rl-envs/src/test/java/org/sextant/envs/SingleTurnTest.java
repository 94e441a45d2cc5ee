// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sextant.api.environment.Environment.Episode;
import org.sextant.api.environment.Environment.Reply;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;

class SingleTurnTest {
    @Test
    void asksThePromptAndEndsWithWhatTheRewardSays() {
        Item item = new Item("q", "1+1=", "2", Optional.empty(), "easy", Map.of());
        SingleTurn environment =
                new SingleTurn((i, answer, finish) -> new Outcome.Abstain(i.id() + "/" + answer + "/" + finish));
        Episode episode = environment.start(item);
        assertThat(episode.prompt()).isEqualTo("1+1=");
        assertThat(episode.reply("3", Finish.LENGTH)).isEqualTo(new Reply.End(new Outcome.Abstain("q/3/LENGTH")));
    }
}
