// SPDX-License-Identifier: Apache-2.0
/**
 * What a model can be asked for at each token or state: an open set of vocabulary reductions and heads. Start at {@link
 * org.sextant.api.output.Output}.
 */
package org.sextant.api.output;
