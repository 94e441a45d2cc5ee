// SPDX-License-Identifier: Apache-2.0
/** Measuring a policy on questions it was not trained on, sampled and greedy, by difficulty. */
package org.sextant.runner.evaluation;
