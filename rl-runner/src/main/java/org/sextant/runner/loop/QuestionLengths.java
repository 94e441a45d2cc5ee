// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.List;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.phase.Phase;
import org.sextant.runner.wiring.Experiment;

/** Finds questions that the model has no room for before a run begins, where a task has a list of them: nothing is ever cut, so one would end the run. */
public final class QuestionLengths {
    /** Longer lists are not gone through. */
    private static final long MOST = 100_000;
    /** No tokenizer makes more of a character: its bytes in UTF-8. */
    private static final int MOST_TOKENS = 4;

    private final Experiment experiment;
    private final Tokenizer tokenizer;
    private final int context;

    private QuestionLengths(Experiment experiment, StartingModel start) {
        this.experiment = experiment;
        this.tokenizer = start.tokenizer();
        this.context = start.shape().context();
    }

    /** @throws IllegalArgumentException that names a question which does not fit */
    public static void require(Experiment experiment, StartingModel start) {
        QuestionLengths lengths = new QuestionLengths(experiment, start);
        List<Phase> phases = experiment.phases();
        boolean sampled =
                phases.stream().anyMatch(phase -> phase.needs().rollout().isPresent());
        boolean imitated = phases.stream().anyMatch(phase -> phase.needs().data() == DataKind.DEMONSTRATIONS);
        if (sampled || imitated) {
            lengths.require(Split.TRAIN, MOST, imitated);
        }
        lengths.require(Split.EVALUATION, experiment.config().evaluation().questions(), false);
    }

    private void require(Split split, long asked, boolean demonstrated) {
        Task task = experiment.task();
        long size = task.size(split);
        long count = split == Split.TRAIN && size > MOST ? 0 : Math.min(size, asked);
        for (long i = 0; i < count; i++) {
            Item item = task.item(split, i);
            int tokens = most(item.prompt(), true);
            if (tokens >= context) {
                throw tooLong(item, tokens, "at least one is needed for an answer");
            }
            if (demonstrated && item.demonstration().isPresent()) {
                int all = tokens + most(item.demonstration().get(), false) + 1;
                if (all > context) {
                    throw tooLong(item, all, "its demonstration and the end are counted");
                }
            }
        }
    }

    /** Tokens of a text; if it has plainly room, no fewer. */
    private int most(String text, boolean prompt) {
        long bound = (long) MOST_TOKENS * text.length() + 1;
        if (bound < context / 2) {
            return (int) bound;
        }
        return (prompt ? tokenizer.encodePrompt(text) : tokenizer.encode(text)).length;
    }

    private IllegalArgumentException tooLong(Item item, int tokens, String counted) {
        return new IllegalArgumentException(
                "question '" + item.id() + "' has " + tokens + " tokens, the model's context "
                        + context + "; " + counted
                        + "; leave the question out, or choose a model with a longer context (nothing is ever cut)");
    }
}
