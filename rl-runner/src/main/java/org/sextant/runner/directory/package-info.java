// SPDX-License-Identifier: Apache-2.0
/**
 * What a run leaves on disk, and how it is written so that a kill at any moment leaves nothing half-written under a final name. Start at {@link
 * org.sextant.runner.directory.RunDirectory}.
 */
package org.sextant.runner.directory;
