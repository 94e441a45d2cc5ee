// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

/** What {@code ./rl} returns to the shell. */
final class ExitCode {
    static final int OK = 0;
    /** A check that was asked for failed: a conformance case. */
    static final int CHECK_FAILED = 1;
    /** The command line or the configuration is wrong; nothing was started. */
    static final int USAGE = 2;
    /** Something that was to be read or written is missing, damaged or not allowed. */
    static final int INPUT = 3;
    /** The training broke: a number that is not finite, or a sampler that disagrees with the trainer. */
    static final int BROKEN_NUMBERS = 4;
    /** A fault of Sextant. */
    static final int INTERNAL = 70;
    /** Stopped by ctrl-C or a signal. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
