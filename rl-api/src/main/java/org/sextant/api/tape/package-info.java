// SPDX-License-Identifier: Apache-2.0
/**
 * A small reverse-mode tape in double precision over ragged columns: losses are written once, as expressions, and their
 * gradient with respect to the model's outputs follows. Start at {@link org.sextant.api.tape.Tape}.
 *
 * <p>The clipped surrogate of PPO, by token:
 *
 * <pre>{@code
 * Term ratio = logp.minus(oldLogp).exp();                     // logp is a variable, oldLogp a constant
 * Term unclipped = ratio.times(advantages);
 * Term clipped = ratio.clip(1 - 0.2, 1 + 0.2).times(advantages);
 * Term loss = unclipped.min(clipped).negate();
 * }</pre>
 *
 * <p>A preference loss by pairs, from rows to a free vector and back to the tokens of both answers:
 *
 * <pre>{@code
 * Term logRatio = logp.minus(refLogp).rowSum(responseMask);   // TOKEN to ROW
 * Term margin = logRatio.gather(chosen, VECTOR).minus(logRatio.gather(rejected, VECTOR));
 * Term loss = margin.times(beta).logSigmoid().negate();
 * }</pre>
 *
 * <p>By hand, as a test would do it; an algorithm leaves this to {@code Evaluation}:
 *
 * <pre>{@code
 * Tape tape = new Tape(Layout.ofLengths(2, 1));
 * Term x = tape.variable(Domain.TOKEN, new double[] {1, 2, 3});
 * Term y = x.square().sum();
 * tape.gradients(Map.of(y, new double[] {1}));
 * x.gradient();                                               // 2, 4, 6
 * }</pre>
 *
 * <p>Kinks follow PyTorch: {@code clip} passes the gradient on its borders, {@code min} and {@code max} halve it at
 * ties. A number that does not count may be NaN: a gradient of 0 is never multiplied with it. What is missing is
 * written with {@code custom(forward, vjp)}.
 */
package org.sextant.api.tape;
