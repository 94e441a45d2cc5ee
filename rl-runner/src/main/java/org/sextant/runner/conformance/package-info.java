// SPDX-License-Identifier: Apache-2.0
/**
 * Replays golden cases, numbers computed by other people's published code, through the classes that training uses. Start at {@link
 * org.sextant.runner.conformance.Conformance}; a method of a case file is one {@link org.sextant.runner.conformance.Replay} in {@link
 * org.sextant.runner.conformance.Replays}.
 */
package org.sextant.runner.conformance;
