// SPDX-License-Identifier: Apache-2.0
/**
 * Judging answers: a reward scores, abstains or fails, and the three are never mixed up. A wrong answer is a score of
 * 0; a question that the reward cannot judge is an abstention, which takes the row out of its group's statistics; a
 * reward that broke is a failure, which is counted.
 *
 * <p>A reward and its provider:
 *
 * <pre>{@code
 * record Contains(boolean ignoreCase) implements RewardFunction {
 *     public Outcome score(Item item, String answer, Finish finish) {
 *         if (item.reference().isEmpty()) {
 *             return new Outcome.Abstain("the question has no reference");
 *         }
 *         String text = ignoreCase ? answer.toLowerCase(Locale.ROOT) : answer;
 *         return Outcome.Scored.of("contains", text.contains(item.reference()) ? 1 : 0, text);
 *     }
 * }
 *
 * public final class ContainsProvider implements RewardProvider {
 *     public String name() { return "contains"; }             // reward { name = contains, ignore-case = true }
 *     public String summary() { return "1 if the answer contains the reference"; }
 *     public RewardFunction create(ConfigReader own) { return new Contains(own.bool("ignore-case")); }
 * }
 * }</pre>
 *
 * <p>An answer is text that a model wrote under pressure to be paid for it: it may be empty, endless, half a number or
 * an attack on a parser. {@code RewardContract} of the test-jar tries some of that.
 */
package org.sextant.api.reward;
