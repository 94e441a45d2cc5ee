// SPDX-License-Identifier: Apache-2.0
/** What a critic learns: {@link org.sextant.algorithms.value.ValueLoss}, and how good it is: {@link org.sextant.algorithms.value.ValueMetrics}. */
package org.sextant.algorithms.value;
