// SPDX-License-Identifier: Apache-2.0
/** Shapes of published models, for models of random weights; start at {@link org.sextant.runner.shapes.RandomModel}. */
package org.sextant.runner.shapes;
