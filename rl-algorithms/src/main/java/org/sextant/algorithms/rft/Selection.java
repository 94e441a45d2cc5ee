// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sextant.algorithms.rft.RftConfig.Choice;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;

/** Chooses the answers of a step that are imitated. */
final class Selection {
    private Selection() {}

    /**
     * @param rewards one a row, NaN where there is none
     * @param quantile of this step
     * @return chosen rows, in their order
     */
    static Rows of(Choice choice, Experience batch, double[] rewards, double quantile) {
        boolean[] scored = new boolean[rewards.length];
        boolean[] valid = batch.find(Standard.VALID).orElse(null);
        for (int row = 0; row < scored.length; row++) {
            scored[row] = !Double.isNaN(rewards[row]) && (valid == null || valid[row]);
        }
        boolean[] chosen = new boolean[rewards.length];
        for (int[] prompt : Groups.of(batch.get(Standard.GROUP), scored).members()) {
            for (int row : choose(choice, distinct(choice, batch, prompt), prompt, rewards, quantile)) {
                chosen[row] = rewards[row] >= choice.threshold();
            }
        }
        return Rows.where(chosen.length, row -> chosen[row]);
    }

    /**
     * @param candidates rows of the prompt that may be chosen
     * @param prompt all rows of the prompt: its quantile is of all samples
     */
    private static List<Integer> choose(
            Choice choice, List<Integer> candidates, int[] prompt, double[] rewards, double quantile) {
        return switch (choice.kind()) {
            case SUCCESSES -> candidates;
            case BEST ->
                candidates.stream()
                        .sorted(Comparator.comparingDouble((Integer row) -> -rewards[row]))
                        .limit(choice.best())
                        .toList();
            case QUANTILE -> {
                double least = Masked.quantile(
                        Arrays.stream(prompt).mapToDouble(row -> rewards[row]).toArray(), null, quantile);
                yield candidates.stream().filter(row -> rewards[row] >= least).toList();
            }
        };
    }

    /** The prompt's rows; of those with the same answer the first. */
    private static List<Integer> distinct(Choice choice, Experience batch, int[] prompt) {
        Set<List<Integer>> seen = new HashSet<>();
        List<Integer> rows = new ArrayList<>();
        for (int row : prompt) {
            if (!choice.unique() || seen.add(answer(batch, row))) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<Integer> answer(Experience batch, int row) {
        Layout layout = batch.layout();
        int[] tokens = batch.get(Standard.TOKENS);
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        List<Integer> answer = new ArrayList<>();
        for (int t = layout.start(row); t < layout.end(row); t++) {
            if (mask[t]) {
                answer.add(tokens[t]);
            }
        }
        return answer;
    }
}
