// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * An immutable set of columns by name. Arrays are shared, not copied: nobody writes to an array once it is in a column.
 */
public final class Columns {
    private static final Columns NONE = new Columns(Map.of());

    private final Map<Column<?>, Object> byColumn;

    private Columns(Map<Column<?>, Object> byColumn) {
        this.byColumn = byColumn;
    }

    public static Columns none() {
        return NONE;
    }

    public static <A> Columns of(Column<A> column, A values) {
        return NONE.with(column, values);
    }

    /** These columns and one more; a name that is taken is an error. */
    public <A> Columns with(Column<A> column, A values) {
        Objects.requireNonNull(values, () -> "column '" + column.name() + "' has no values");
        for (Column<?> held : byColumn.keySet()) {
            if (held.name().equals(column.name())) {
                throw new IllegalArgumentException("column '" + column.name()
                        + "' is there already; columns are never replaced unseen: leave it out first");
            }
        }
        Map<Column<?>, Object> more = new LinkedHashMap<>(byColumn);
        more.put(column, column.type().cast(values));
        return new Columns(Collections.unmodifiableMap(more));
    }

    /** These columns without one, which may be put there anew. */
    public Columns without(Column<?> column) {
        Map<Column<?>, Object> fewer = new LinkedHashMap<>(byColumn);
        fewer.remove(column);
        return new Columns(Collections.unmodifiableMap(fewer));
    }

    /** The array of a column; an error that lists what is there if it is not. */
    public <A> A get(Column<A> column) {
        Object values = byColumn.get(column);
        if (values == null) {
            throw new IllegalArgumentException("no column " + column + "; there are " + byColumn.keySet());
        }
        return column.type().cast(values);
    }

    public boolean has(Column<?> column) {
        return byColumn.containsKey(column);
    }

    public Set<Column<?>> keys() {
        return byColumn.keySet();
    }
}
