// SPDX-License-Identifier: Apache-2.0
/** Collecting: sampled answers, the environment's replies and rewards become one {@code Experience}. */
package org.sextant.runner.rollout;
