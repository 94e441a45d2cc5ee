// SPDX-License-Identifier: Apache-2.0
/**
 * Measures training and sampling of a fresh model of a given shape, with the classes that a run uses. Start at {@link
 * org.sextant.runner.bench.Benchmark}.
 */
package org.sextant.runner.bench;
