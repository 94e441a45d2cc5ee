// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;

/**
 * What an {@link Estimator} finds.
 *
 * @param tokens advantages by token
 * @param rows advantages by row, where all tokens of an answer share one
 * @param returns by token: what a critic learns, aligned with the advantages
 */
public record Estimate(double[] tokens, Optional<double[]> rows, Optional<double[]> returns) {}
