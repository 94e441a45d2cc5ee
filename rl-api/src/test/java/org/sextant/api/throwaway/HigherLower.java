// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;

/**
 * Guess a digit; after a wrong guess the world says {@code higher} or {@code lower} and there is a second try, worth
 * half. It proves that an environment may speak between two answers: what it says is tokens outside the loss.
 */
public final class HigherLower implements Environment {
    @Override
    public Episode start(Item item) {
        return new Game(item.prompt(), Integer.parseInt(item.reference()));
    }

    @Override
    public String alphabet() {
        return "higherlow \n";
    }

    private static final class Game implements Episode {
        private final String prompt;
        private final int secret;
        private boolean again;

        private Game(String prompt, int secret) {
            this.prompt = prompt;
            this.secret = secret;
        }

        @Override
        public String prompt() {
            return prompt;
        }

        @Override
        public Reply reply(String answer, Finish finish) {
            String guess = answer.strip();
            if (!guess.matches("[0-9]")) {
                return end(0, guess);
            }
            int digit = guess.charAt(0) - '0';
            if (digit == secret) {
                return end(again ? 0.5 : 1, guess);
            }
            if (again) {
                return end(0, guess);
            }
            again = true;
            return new Reply.Observe(digit < secret ? "\nhigher " : "\nlower ");
        }

        private static Reply end(double reward, String guess) {
            return new Reply.End(Outcome.Scored.of("guess", reward, guess));
        }
    }
}
