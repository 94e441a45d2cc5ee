// SPDX-License-Identifier: Apache-2.0
/** Named numbers of a run, what they mean, and the ledger of what was spent. */
package org.sextant.api.metrics;
