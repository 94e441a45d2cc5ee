// SPDX-License-Identifier: Apache-2.0
/**
 * What a model can be asked for at each token or state: an open set of vocabulary reductions and heads. Start at {@link
 * org.sextant.api.output.Output}.
 *
 * <p>A reduction of one's own sees one row of logits at a time, already divided by the temperature, and gives a number
 * and its gradient:
 *
 * <pre>{@code
 * record Margin() implements VocabularyReduction {            // logit of the token minus the mean logit
 *     public String name() { return "margin"; }
 *
 *     public double forward(LogitsRow row) {
 *         double sum = 0;
 *         for (int v = 0; v < row.vocabulary(); v++) {
 *             sum += row.logProb(v);
 *         }
 *         return row.logProb(row.token()) - sum / row.vocabulary();
 *     }
 *
 *     public void backward(LogitsRow row, double upstream, double[] gradient) {
 *         for (int v = 0; v < gradient.length; v++) {
 *             gradient[v] -= upstream / gradient.length;
 *         }
 *         gradient[row.token()] += upstream;
 *     }
 * }
 * }</pre>
 *
 * <p>One that needs data beside the logits, such as a teacher's distribution, takes it from a column in {@link
 * org.sextant.api.output.VocabularyReduction#over}.
 */
package org.sextant.api.output;
