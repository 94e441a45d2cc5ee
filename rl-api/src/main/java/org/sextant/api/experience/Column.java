// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

/**
 * The name, domain and array type of a column. Plugin columns carry their plugin's name: {@code "mine/novelty"}.
 *
 * @param <A> array type: {@code double[]}, {@code int[]}, {@code long[]}, {@code boolean[]} or an array of immutable
 *     objects
 */
public record Column<A>(String name, Domain domain, Class<A> type) {
    public Column {
        if (domain != Domain.ROW && domain != Domain.TOKEN && domain != Domain.STATE) {
            throw new IllegalArgumentException(
                    "column '" + name + "': a column lives on ROW, TOKEN or STATE, not " + domain);
        }
        if (!type.isArray()) {
            throw new IllegalArgumentException(
                    "column '" + name + "': " + type.getSimpleName() + " is not an array type");
        }
    }

    public static Column<double[]> doubles(String name, Domain domain) {
        return new Column<>(name, domain, double[].class);
    }

    public static Column<int[]> ints(String name, Domain domain) {
        return new Column<>(name, domain, int[].class);
    }

    public static Column<boolean[]> flags(String name, Domain domain) {
        return new Column<>(name, domain, boolean[].class);
    }

    public static Column<String[]> texts(String name, Domain domain) {
        return new Column<>(name, domain, String[].class);
    }

    @Override
    public String toString() {
        return name + " (" + type.getSimpleName() + " by " + domain + ")";
    }
}
