// SPDX-License-Identifier: Apache-2.0
/** Saving and restoring everything that changes during a run; start at {@link org.sextant.api.state.Stateful}. */
package org.sextant.api.state;
