// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sextant.api.config.Range;

/** Single values: a text is a text and a number is a number, nothing is converted. */
final class Scalars {
    static final String TEXT = "text";
    static final String BOOL = "true or false";
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

    private Scalars() {}

    static Optional<String> text(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING ? Optional.of((String) value.unwrapped()) : Optional.empty();
    }

    static Optional<Boolean> bool(ConfigValue value) {
        return value.valueType() == ConfigValueType.BOOLEAN
                ? Optional.of((Boolean) value.unwrapped())
                : Optional.empty();
    }

    static Optional<Double> decimal(ConfigValue value, Range range) {
        return number(value).map(Number::doubleValue).filter(range::contains);
    }

    /** Also 1e6 and 5.0, which are whole. */
    static Optional<Long> whole(ConfigValue value, Range range) {
        return number(value)
                .filter(n -> !(n instanceof Double d) || d == Math.rint(d))
                .filter(n -> range.contains(n.doubleValue()))
                .map(Number::longValue);
    }

    private static Optional<Number> number(ConfigValue value) {
        return value.valueType() == ConfigValueType.NUMBER ? Optional.of((Number) value.unwrapped()) : Optional.empty();
    }

    static String decimal(Range range) {
        return range.equals(Range.any()) ? "a number" : "a number, " + range.describe();
    }

    static String whole(Range range) {
        return range.equals(Range.any()) ? "a whole number" : "a whole number, " + range.describe();
    }

    /** A number that the range allows, for reading on after a problem. */
    static double harmless(Range range) {
        double low = range.low() == Double.NEGATIVE_INFINITY ? Math.min(0, range.high()) : range.low();
        return range.contains(low) ? low : Math.min(low + 1, range.high());
    }

    /** {@code found the text "5"; expected a whole number, at least 1, without quotes}. */
    static String found(ConfigValue value, String expected) {
        String kind = switch (value.valueType()) {
            case OBJECT -> "found a block";
            case LIST -> "found a list";
            case STRING -> "found the text " + json(value);
            default -> "found " + json(value);
        };
        return kind + "; expected " + expected + advice(value, expected);
    }

    private static String advice(ConfigValue value, String expected) {
        return switch (value.valueType()) {
            case STRING -> {
                String text = (String) value.unwrapped();
                boolean number =
                        expected.contains("number") && NUMBER.matcher(text).matches();
                boolean bool = expected.equals(BOOL) && (text.equals("true") || text.equals("false"));
                yield number || bool ? ", without quotes" : "";
            }
            case NUMBER, BOOLEAN -> expected.equals(TEXT) ? ", in quotes" : "";
            default -> "";
        };
    }

    /** JSON in which equal numbers look equal, however they were written: 3e-4 and 0.0003, 1 and 1.0. */
    static String canonical(ConfigValue value) {
        if (value instanceof ConfigList list) {
            return list.stream().map(Scalars::canonical).collect(Collectors.joining(",", "[", "]"));
        }
        if (value.unwrapped() instanceof Number n) {
            return n.doubleValue() == n.longValue() ? Long.toString(n.longValue()) : n.toString();
        }
        return json(value);
    }

    static String json(ConfigValue value) {
        return value.render(ConfigRenderOptions.concise());
    }
}
