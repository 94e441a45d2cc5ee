// SPDX-License-Identifier: Apache-2.0
/**
 * The command line {@code ./rl}. A command reads its options, calls the packages that do the work, and turns what went wrong into a sentence and an
 * exit code. Start at {@link org.sextant.runner.cli.Main}.
 */
package org.sextant.runner.cli;
