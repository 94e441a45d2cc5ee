// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.RowRole;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Tokenizer;

/** Demonstrations as a batch: prompt, answer and end of sequence; the prompt is outside the response mask. */
final class Demonstrations {
    private Demonstrations() {}

    /** Columns of every batch. */
    static Set<Column<?>> columns() {
        return columns(List.of(), new int[0], new boolean[0]).keys();
    }

    static Experience batch(List<Item> items, Tokenizer tokenizer, int context) {
        int n = items.size();
        int[][] rows = new int[n][];
        int[] promptLength = new int[n];
        for (int i = 0; i < n; i++) {
            rows[i] = tokens(items.get(i), tokenizer, promptLength, i, context);
        }
        Layout layout = Layout.ofLengths(
                java.util.Arrays.stream(rows).mapToInt(r -> r.length).toArray());
        int[] tokens = new int[layout.tokens()];
        boolean[] mask = new boolean[layout.tokens()];
        for (int i = 0; i < n; i++) {
            System.arraycopy(rows[i], 0, tokens, layout.start(i), rows[i].length);
            java.util.Arrays.fill(mask, layout.start(i) + promptLength[i], layout.end(i), true);
        }
        return Experience.of(layout, columns(items, tokens, mask));
    }

    private static Columns columns(List<Item> items, int[] tokens, boolean[] mask) {
        RowRole[] role = new RowRole[items.size()];
        java.util.Arrays.fill(role, RowRole.DEMONSTRATION);
        return Columns.of(Standard.TOKENS, tokens)
                .with(Standard.RESPONSE_MASK, mask)
                .with(Standard.GROUP, IntStream.range(0, items.size()).toArray())
                .with(Standard.ROLE, role)
                .with(Standard.ITEM, items.stream().map(Item::id).toArray(String[]::new))
                .with(Standard.DIFFICULTY, items.stream().map(Item::difficulty).toArray(String[]::new));
    }

    private static int[] tokens(Item item, Tokenizer tokenizer, int[] promptLength, int at, int context) {
        String demonstration = item.demonstration()
                .orElseThrow(() -> new IllegalArgumentException("question '" + item.id()
                        + "' has no demonstration; a phase that imitates needs a task with demonstrations"));
        int[] prompt = tokenizer.encodePrompt(item.prompt());
        int[] answer = tokenizer.encode(demonstration);
        int[] row = new int[prompt.length + answer.length + 1];
        if (row.length > context) {
            throw new IllegalArgumentException("question '" + item.id() + "' with its demonstration has " + row.length
                    + " tokens; the model's context is " + context
                    + "; leave the question out, or choose a model with a longer context (nothing is ever cut)");
        }
        System.arraycopy(prompt, 0, row, 0, prompt.length);
        System.arraycopy(answer, 0, row, prompt.length, answer.length);
        row[row.length - 1] = tokenizer.eos();
        promptLength[at] = prompt.length;
        return row;
    }
}
