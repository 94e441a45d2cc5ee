// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import java.io.Console;
import java.io.PrintStream;

/**
 * Where progress is shown.
 *
 * @param out the stream
 * @param live whether it is a terminal on which a line can be written over
 * @param width characters in a line of it
 */
public record Screen(PrintStream out, boolean live, int width) {
    private static final int USUAL_WIDTH = 80;
    /** A terminal narrower than it says cuts the line: one that it broke could not be written over. */
    private static final String CUT = "\u001b[?7l";

    private static final String BREAK = "\u001b[?7h";

    /** Standard output or standard error of this process. */
    public static Screen of(PrintStream out) {
        Console console = System.console();
        boolean live = console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
        return new Screen(out, live, width(System.getenv("COLUMNS")));
    }

    private static int width(String columns) {
        return columns != null && columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : USUAL_WIDTH;
    }

    /** Writes over the line that is being worked on. */
    void over(String line) {
        String shown = line.length() < width ? line : line.substring(0, width - 1);
        out.print(CUT + "\r" + shown + "\u001b[K" + BREAK);
        out.flush();
    }

    /** Writes a line that stays. */
    void keep(String line) {
        out.println(live ? "\r" + line + "\u001b[K" : line);
        out.flush();
    }
}
