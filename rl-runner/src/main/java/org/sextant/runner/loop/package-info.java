// SPDX-License-Identifier: Apache-2.0
/**
 * The loop: phases in order, steps in order, checkpoints between steps, one exit. Start at {@link org.sextant.runner.loop.TrainingRun}.
 */
package org.sextant.runner.loop;
