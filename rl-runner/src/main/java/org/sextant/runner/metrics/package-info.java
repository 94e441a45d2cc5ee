// SPDX-License-Identifier: Apache-2.0
/** Writing the numbers of a run to {@code metrics.jsonl}. */
package org.sextant.runner.metrics;
