// SPDX-License-Identifier: Apache-2.0
package org.sextant.rewards.match;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decimal numbers as people write them: {@code 1,080}, {@code $18.00}, {@code -$5}, {@code .5}. A comma belongs to a number where three digits
 * follow, and no more; a dot where a digit follows. A minus is a sign unless something is subtracted: {@code 10-5} ends in 5. Two numbers
 * are compared by their shortest form, so any number of digits is exact and cheap.
 */
final class DecimalNumber {
    // Possessive throughout: linear in the length of a hostile text.
    private static final Pattern NUMBER =
            Pattern.compile("(?:[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])|[0-9]++)(?:\\.[0-9]++)?+|\\.[0-9]++");

    private DecimalNumber() {}

    /** The shortest form of the last number in a text; empty if there is none. */
    static String last(String text) {
        Matcher numbers = NUMBER.matcher(text);
        String found = "";
        int at = -1;
        while (numbers.find()) {
            found = numbers.group();
            at = numbers.start();
        }
        return found.isEmpty() ? "" : shortest(found, negative(text, at));
    }

    /** Whether a minus stands before the number, with a currency sign between them or before both. */
    private static boolean negative(String text, int start) {
        int before = start - 1;
        if (before >= 0 && currency(text.charAt(before))) {
            before--;
        }
        if (before < 0 || text.charAt(before) != '-' && text.charAt(before) != '\u2212') {
            return false;
        }
        before--;
        return before < 0 || !Character.isLetterOrDigit(text.charAt(before)) && ")]%".indexOf(text.charAt(before)) < 0;
    }

    private static boolean currency(char character) {
        return Character.getType(character) == Character.CURRENCY_SYMBOL;
    }

    private static String shortest(String number, boolean negative) {
        String plain = number.replace(",", "");
        int dot = plain.indexOf('.');
        String whole = withoutZeros(dot < 0 ? plain : plain.substring(0, dot));
        String fraction = dot < 0 ? "" : reversed(withoutZeros(reversed(plain.substring(dot + 1))));
        String value = (whole.isEmpty() ? "0" : whole) + (fraction.isEmpty() ? "" : "." + fraction);
        return negative && !value.equals("0") ? "-" + value : value;
    }

    private static String withoutZeros(String digits) {
        int first = 0;
        while (first < digits.length() && digits.charAt(first) == '0') {
            first++;
        }
        return digits.substring(first);
    }

    private static String reversed(String digits) {
        return new StringBuilder(digits).reverse().toString();
    }
}
