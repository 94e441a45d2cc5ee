// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary that all modules share and the contracts that plugins implement, in plain Java: no tensor library, no
 * injection framework, no configuration library. A plugin is a jar that was compiled against this module alone.
 *
 * <p>Read in the order in which data travel:
 *
 * <ol>
 *   <li>{@link org.sextant.api.environment}: where questions come from and how a world answers;
 *   <li>{@link org.sextant.api.rollout} and {@link org.sextant.api.reward}: sampling answers and judging them;
 *   <li>{@link org.sextant.api.experience}: the batch that comes out;
 *   <li>{@link org.sextant.api.algorithm}: what a learning rule makes of it, with {@link org.sextant.api.tape} for its
 *       loss and {@link org.sextant.api.output} for what it may ask of a model;
 *   <li>{@link org.sextant.api.phase} and {@link org.sextant.api.model}: the stage of a run that drives all this;
 *   <li>{@link org.sextant.api.config}, {@link org.sextant.api.state}, {@link org.sextant.api.random}, {@link
 *       org.sextant.api.metrics}, {@link org.sextant.api.events}: what each of them is given.
 * </ol>
 *
 * <p><b>To write a plugin</b>: implement one of {@link org.sextant.api.algorithm.AlgorithmProvider},
 * {@link org.sextant.api.reward.RewardProvider}, {@link org.sextant.api.environment.TaskProvider},
 * {@link org.sextant.api.environment.EnvironmentProvider} or {@link org.sextant.api.phase.PhaseProvider}; put its
 * defaults as HOCON in {@code <name>.conf} beside the class; name the class in {@code META-INF/services/<interface>};
 * put the jar on the class path. {@code ./rl plugins} lists it, and a configuration chooses it by its name. The
 * test-jar of this module has a contract for each kind to test it with.
 */
package org.sextant.api;
