// SPDX-License-Identifier: Apache-2.0
/** The phases that come with Sextant: warm start on demonstrations, reinforcement learning, evaluation. */
package org.sextant.runner.phases;
