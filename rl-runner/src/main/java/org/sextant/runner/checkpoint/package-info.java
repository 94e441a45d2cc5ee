// SPDX-License-Identifier: Apache-2.0
/** Saving a run between two steps so that it goes on bit for bit. */
package org.sextant.runner.checkpoint;
