// SPDX-License-Identifier: Apache-2.0
/**
 * Where questions come from and how a world answers the policy.
 *
 * <p>A {@link org.sextant.api.environment.Task} is a source of questions. Its questions are a pure function of split
 * and index, so that a cursor is one number and a resumed run sees the same ones:
 *
 * <pre>{@code
 * final class Doubling implements Task {
 *     public String name() { return "doubling"; }
 *     public long size(Split split) { return split == Split.TRAIN ? 900 : 100; }
 *
 *     public Item item(Split split, long index) {
 *         Objects.checkIndex(index, size(split));
 *         long n = split == Split.TRAIN ? index : 900 + index; // no number is in both
 *         String answer = Long.toString(2 * n);
 *         String level = n < 100 ? "small" : "large";
 *         return new Item("doubling-" + n, "2*" + n + "=", answer, Optional.of(answer), level, Map.of());
 *     }
 *
 *     public String alphabet() { return "0123456789*="; }
 * }
 * }</pre>
 *
 * <p>An {@link org.sextant.api.environment.Environment} is what the policy talks to. Each turn it observes or ends;
 * what it says becomes tokens outside the loss:
 *
 * <pre>{@code
 * public Reply reply(String answer, Finish finish) {
 *     if (answer.strip().equals(secret) || ++tries == 2) {
 *         return new Reply.End(Outcome.Scored.of("guess", answer.strip().equals(secret) ? 1 : 0, answer));
 *     }
 *     return new Reply.Observe("\nno, again: ");
 * }
 * }</pre>
 *
 * <p>{@code TaskContract} of the test-jar checks a task.
 */
package org.sextant.api.environment;
