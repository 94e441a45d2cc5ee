// SPDX-License-Identifier: Apache-2.0
/**
 * The stages of a run, each of which starts from the model that the one before it left: a plugin point of its own.
 *
 * <p>The life of a {@link org.sextant.api.phase.Phase}, as the runner leads it:
 *
 * <pre>{@code
 * Phase phase = provider.create(block, assembly);             // reads its settings; no model, no data
 * phase.needs();                                              // which models to load; nothing else is held
 * phase.begin(context);                                       // models are there
 * phase.load(saved);                                          // after a resume only
 * for (int step = first; step < phase.steps(); step++) {
 *     phase.step(step);                                       // a checkpoint may follow any step
 * }
 * phase.end();
 * }</pre>
 *
 * <p>A step of supervised learning, whole:
 *
 * <pre>{@code
 * public Metrics step(int step) {
 *     Experience batch = demonstrations(step);                // from the task, by step: nothing to remember
 *     Metrics metrics = new Metrics();
 *     Experience credited = batch.with(algorithm.credit(batch, metrics));
 *     metrics.addAll(context.timed("update", () -> learner.update(credited, request, algorithm::objective)));
 *     return metrics;
 * }
 * }</pre>
 *
 * <p>Everything that a step does depends on the seed, the step and the saved state alone: random numbers come from
 * {@code context.streams()} under a key that names the step.
 */
package org.sextant.api.phase;
