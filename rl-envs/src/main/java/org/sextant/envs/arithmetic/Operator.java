// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.arithmetic;

import java.util.Arrays;
import java.util.Optional;

/** What is done with two numbers. */
enum Operator {
    ADD("+", "add", true),
    SUBTRACT("-", "sub", false),
    MULTIPLY("*", "mul", true);

    private final String sign;
    private final String key;
    private final boolean commutative;

    Operator(String sign, String key, boolean commutative) {
        this.sign = sign;
        this.key = key;
        this.commutative = commutative;
    }

    static Optional<Operator> of(String sign) {
        return Arrays.stream(values()).filter(o -> o.sign.equals(sign)).findFirst();
    }

    String sign() {
        return sign;
    }

    /** Name in difficulty labels. */
    String key() {
        return key;
    }

    boolean commutative() {
        return commutative;
    }

    long apply(long a, long b) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
        };
    }

    /** Columns of the calculation on paper that hand something to the next: carries of a sum or product, borrows of a difference. */
    int carries(long a, long b) {
        return switch (this) {
            case ADD -> sumCarries(a, b);
            case SUBTRACT -> borrows(Math.max(a, b), Math.min(a, b));
            case MULTIPLY -> productCarries(digits(a), digits(b));
        };
    }

    private static int sumCarries(long a, long b) {
        int carries = 0;
        int carry = 0;
        for (long x = a, y = b; x > 0 || y > 0; x /= 10, y /= 10) {
            carry = x % 10 + y % 10 + carry >= 10 ? 1 : 0;
            carries += carry;
        }
        return carries;
    }

    private static int borrows(long larger, long smaller) {
        int borrows = 0;
        int borrow = 0;
        for (long x = larger, y = smaller; y > 0 || borrow > 0; x /= 10, y /= 10) {
            borrow = x % 10 - y % 10 - borrow < 0 ? 1 : 0;
            borrows += borrow;
        }
        return borrows;
    }

    private static int productCarries(int[] a, int[] b) {
        int carries = 0;
        long carry = 0;
        for (int column = 0; column < a.length + b.length - 1; column++) {
            long sum = carry;
            for (int i = Math.max(0, column - b.length + 1); i <= Math.min(column, a.length - 1); i++) {
                sum += (long) a[i] * b[column - i];
            }
            carry = sum / 10;
            carries += carry > 0 ? 1 : 0;
        }
        return carries;
    }

    /** Digits of a number, the last first. */
    private static int[] digits(long n) {
        return new StringBuilder(Long.toString(n))
                .reverse()
                .chars()
                .map(c -> c - '0')
                .toArray();
    }
}
