// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import java.util.List;

/** Answers that break careless parsers: unbalanced, endless, not Unicode, not a number, or somebody's code. */
final class HostileText {
    private static final int LONG = 20_000;
    private static final List<String> SAMPLES = List.of(
            "",
            " \t\r\n",
            "\u0000\u0001\u001b[2J",
            "\ud800 lone \udc00 surrogates",
            "e\u0301\u202e\u200b\ufeff",
            "\u0663\uff17\u00b2\u00bd",
            "NaN",
            "-Infinity",
            "1e999999999",
            "0x1p-9999",
            "-0",
            "9".repeat(LONG),
            "1/0",
            "1" + "/1".repeat(LONG),
            "(".repeat(LONG),
            "{".repeat(LONG) + "}".repeat(LONG),
            "\\boxed{".repeat(2_000),
            "\\boxed{\\frac{1}{",
            "<answer>".repeat(2_000),
            "<think><answer>42</think></answer>",
            "#### ",
            "#### 1 #### 2",
            "a".repeat(LONG) + "!",
            " ".repeat(LONG) + "x",
            "1,".repeat(LONG),
            "\\".repeat(LONG),
            "%s%n$0\\E\\Q.*(a+)+$",
            "${jndi:ldap://localhost/a}",
            "'; DROP TABLE rewards; --",
            "{\"a\":".repeat(2_000),
            "System.exit(0)");

    private HostileText() {}

    static List<String> samples() {
        return SAMPLES;
    }

    /** The text, short enough for a message. */
    static String name(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "… (" + text.length() + " characters)";
    }
}
