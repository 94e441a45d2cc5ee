// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration of a run: HOCON files in layers, read into records by a reader that remembers what was read, so that a key that nothing
 * reads is an error. Start at {@link org.sextant.runner.config.Layers} and {@link org.sextant.runner.config.HoconReader}.
 */
package org.sextant.runner.config;
