// SPDX-License-Identifier: Apache-2.0
/**
 * Finds plugins, lets the configuration choose among them, and wires a run: the one place where Guice is used. Start at {@link
 * org.sextant.runner.wiring.Wiring}.
 */
package org.sextant.runner.wiring;
