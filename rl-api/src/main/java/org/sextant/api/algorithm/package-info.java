// SPDX-License-Identifier: Apache-2.0
/**
 * The plugin point for learning rules. An {@link org.sextant.api.algorithm.Algorithm} says what it needs, turns a
 * collected batch into advantages or weights, and writes its loss as an expression; the runner provides the rest.
 *
 * <p>A whole algorithm, REINFORCE against the mean reward of the batch:
 *
 * <pre>{@code
 * final class Reinforce implements Algorithm {
 *     private static final Column<double[]> WEIGHT = Column.doubles("reinforce/weight", Domain.ROW);
 *     private static final LogProb LOGP = new LogProb();
 *
 *     public Needs needs() {                                  // asked before any model is loaded
 *         return Needs.rollouts(new RolloutPlan(4, false), Set.of(LOGP));
 *     }
 *
 *     public Columns credit(Experience batch, Metrics metrics) {
 *         double[] reward = batch.get(Standard.REWARD);
 *         boolean[] valid = batch.get(Standard.VALID);        // false where the reward abstained
 *         double baseline = Masked.mean(reward, valid);
 *         double[] weight = new double[reward.length];
 *         Arrays.setAll(weight, row -> valid[row] ? reward[row] - baseline : 0);
 *         return Columns.of(WEIGHT, weight);
 *     }
 *
 *     public Objective objective(LossScope batch) {
 *         boolean[] response = batch.rows().get(Standard.RESPONSE_MASK);
 *         Term loss = batch.output(LOGP).rowSum(response).times(batch.column(WEIGHT)).negate();
 *         Part policy = new Part("policy", loss, Mask.column(Standard.VALID), Reduce.rowMean(), 1);
 *         return new Objective(List.of(policy), new Metrics());
 *     }
 * }
 * }</pre>
 *
 * <p><b>What is whose.</b> The rule writes terms by token or row; a {@link org.sextant.api.algorithm.Part} says which
 * entries count ({@link org.sextant.api.algorithm.Mask}) and how they become one number
 * ({@link org.sextant.api.algorithm.Reduce}); {@link org.sextant.api.algorithm.Evaluation} takes the denominators from
 * the whole optimiser batch and runs the tape backward. So cutting the batch into micro-batches cannot change the loss.
 * A rule that looks at several rows at once says so with {@link org.sextant.api.algorithm.Coupling}.
 *
 * <p><b>What to mind.</b> Metrics of an objective are merged over slices: use {@code mean(name, values, mask)}, not a
 * mean of means. Rows that are not valid get no gradient. Anything that changes from step to step belongs into
 * {@code save} and {@code load}. {@code AlgorithmContract} of the test-jar checks all of this.
 */
package org.sextant.api.algorithm;
