// SPDX-License-Identifier: Apache-2.0
/**
 * The contract kit for plugins, shipped as the test-jar of {@code rl-api}. Extend the contract of what you wrote and
 * JUnit runs its tests:
 *
 * <pre>{@code
 * class MyRuleTest extends AlgorithmContract {
 *     @Override
 *     protected Algorithm algorithm() {
 *         return new MyRule(new MyRuleConfig(0.2, 0.04));
 *     }
 * }
 * }</pre>
 *
 * <p>{@link org.sextant.api.testkit.AlgorithmContract} for learning rules, {@link
 * org.sextant.api.testkit.RewardContract} for rewards, {@link org.sextant.api.testkit.TaskContract} for tasks, {@link
 * org.sextant.api.testkit.ProviderContract} for what makes them from settings. For tests of your own, {@link
 * org.sextant.api.testkit.Batches} makes small batches and {@link org.sextant.api.testkit.Settings} reads settings.
 */
package org.sextant.api.testkit;
