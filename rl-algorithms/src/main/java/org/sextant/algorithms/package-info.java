// SPDX-License-Identifier: Apache-2.0

/**
 * Alignment algorithms, one package each, composed from shared axes (credit, surrogate, KL, aggregation).
 */
package org.sextant.algorithms;
