// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Files with a few random damages: bytes changed, lost, repeated or added; in JSON, values exchanged for ones that are likely to do harm. */
final class Mutants {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final Pattern TEXT = Pattern.compile("\"[^\"\\\\]*\"");
    private static final Pattern FIELD = Pattern.compile("\"[^\"\\\\]*\"\\s*:\\s*(\"[^\"]*\"|[^\\s\\[{,\\]}]+)");
    private static final List<String> VALUES = List.of(
            "-1",
            "0",
            "1",
            "2",
            "3",
            "7",
            "16",
            "255",
            "65536",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967296",
            "4611686018427387904",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "18446744073709551616",
            "1" + "0".repeat(400),
            "9".repeat(2000),
            "0.5",
            "-0.0",
            "1e-320",
            "1e308",
            "1e400",
            "NaN",
            "Infinity",
            "null",
            "true",
            "false",
            "\"\"",
            "\"5\"",
            "[]",
            "{}",
            "[1]",
            "{\"a\":1}",
            "[[1],[2]]",
            "\"../../etc/passwd\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"" + "x".repeat(3000) + "\"",
            "\"F32\"",
            "\"BF16\"",
            "\"F64\"",
            "\"I8\"",
            "[".repeat(2000),
            "{\"a\":".repeat(2000));
    private static final long[] LENGTHS = {
        0, 1, 7, 8, 100_000_000, 100_000_001, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1, -8
    };
    private static final int MOST_DAMAGES = 4;

    private final SplittableRandom random;

    Mutants(SplittableRandom random) {
        this.random = random;
    }

    /** A text of JSON or the like, damaged in one to four places. */
    byte[] ofText(byte[] whole) {
        byte[] bytes = whole;
        for (int i = damages(); i > 0; i--) {
            bytes = random.nextBoolean() ? damagedText(bytes) : damagedBytes(bytes);
        }
        return bytes;
    }

    /** A safetensors file: damaged anywhere, or in its header alone, whose length is then right. */
    byte[] ofSafetensors(byte[] whole) {
        if (random.nextInt(4) == 0) {
            byte[] bytes = whole;
            for (int i = damages(); i > 0; i--) {
                bytes = random.nextInt(4) == 0 ? withLength(bytes, anyLength(bytes)) : damagedBytes(bytes);
            }
            return bytes;
        }
        int data =
                8 + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = ofText(Arrays.copyOfRange(whole, 8, data));
        byte[] rest = Arrays.copyOfRange(whole, data, whole.length);
        return withLength(
                joined(new byte[8], header, random.nextInt(8) == 0 ? damagedBytes(rest) : rest), header.length);
    }

    /** Mostly one: the second often hides what the first would have shown. */
    private int damages() {
        return random.nextBoolean() ? 1 : 1 + random.nextInt(MOST_DAMAGES);
    }

    private long anyLength(byte[] bytes) {
        return random.nextBoolean() ? LENGTHS[random.nextInt(LENGTHS.length)] : random.nextInt(bytes.length + 16);
    }

    private static byte[] withLength(byte[] bytes, long length) {
        byte[] changed = Arrays.copyOf(bytes, Math.max(bytes.length, Long.BYTES));
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return changed;
    }

    private byte[] damagedBytes(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = random.nextBoolean()
                ? Math.min(from + 1 + random.nextInt(16), bytes.length)
                : from + random.nextInt(bytes.length - from + 1);
        byte[] before = Arrays.copyOf(bytes, from);
        byte[] piece = Arrays.copyOfRange(bytes, from, to);
        byte[] after = Arrays.copyOfRange(bytes, to, bytes.length);
        return switch (random.nextInt(7)) {
            case 0 -> joined(before, after);
            case 1 -> joined(before, piece, piece, after);
            case 2 -> joined(before, noise(1 + random.nextInt(32)), piece, after);
            case 3 -> joined(before, noise(piece.length), after);
            case 4 -> before;
            default -> flipped(bytes);
        };
    }

    private byte[] flipped(byte[] bytes) {
        byte[] changed = bytes.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] damagedText(byte[] bytes) {
        // One char a byte: nothing is lost where it is not UTF-8.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        MatchResult number = any(NUMBER, text);
        MatchResult quoted = any(TEXT, text);
        MatchResult field = any(FIELD, text);
        String changed = switch (random.nextInt(6)) {
            case 0, 1 -> replaced(text, number, VALUES.get(random.nextInt(VALUES.size())));
            case 2 -> replaced(text, quoted, VALUES.get(random.nextInt(VALUES.size())));
            case 3 -> {
                MatchResult other = any(TEXT, text);
                yield other == null ? text : replaced(text, quoted, other.group());
            }
            case 4 -> field == null ? text : replaced(text, field, field.group() + "," + field.group());
            default -> replaced(text, field, "\"x\":" + VALUES.get(random.nextInt(VALUES.size())));
        };
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    private MatchResult any(Pattern pattern, String text) {
        List<MatchResult> all = new ArrayList<>(pattern.matcher(text).results().toList());
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private static String replaced(String text, MatchResult place, String by) {
        return place == null ? text : text.substring(0, place.start()) + by + text.substring(place.end());
    }

    private static byte[] joined(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }
}
