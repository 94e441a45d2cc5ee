// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

import java.lang.reflect.Array;
import java.util.List;
import java.util.Optional;

/**
 * One batch: a ragged {@link Layout} and typed {@link Columns} over it. Tokens are flat, never padded; every algorithm,
 * on-policy or offline, sees its data in this form. Immutable: {@link #with} and {@link #select} make new ones.
 */
public final class Experience {
    private final Layout layout;
    private final Columns columns;

    private Experience(Layout layout, Columns columns) {
        this.layout = layout;
        this.columns = columns;
    }

    /** Checks that every column has the length of its domain. */
    public static Experience of(Layout layout, Columns columns) {
        for (Column<?> column : columns.keys()) {
            int found = Array.getLength(columns.get(column));
            int needed = layout.size(column.domain());
            if (found != needed) {
                throw new IllegalArgumentException(
                        "column " + column + " has " + found + " entries; " + layout + " needs " + needed);
            }
        }
        return new Experience(layout, columns);
    }

    public Layout layout() {
        return layout;
    }

    public int rows() {
        return layout.rows();
    }

    public Columns columns() {
        return columns;
    }

    public <A> A get(Column<A> column) {
        return columns.get(column);
    }

    public <A> Optional<A> find(Column<A> column) {
        return columns.has(column) ? Optional.of(columns.get(column)) : Optional.empty();
    }

    public boolean has(Column<?> column) {
        return columns.has(column);
    }

    /** This batch with one more column. */
    public <A> Experience with(Column<A> column, A values) {
        return of(layout, columns.with(column, values));
    }

    /** This batch without a column. */
    public Experience without(Column<?> column) {
        return new Experience(layout, columns.without(column));
    }

    /** This batch with more columns. */
    public Experience with(Columns more) {
        Columns all = columns;
        for (Column<?> column : more.keys()) {
            all = copyOne(column, more, all);
        }
        return of(layout, all);
    }

    private static <A> Columns copyOne(Column<A> column, Columns from, Columns to) {
        return to.with(column, from.get(column));
    }

    /** The chosen rows with all their columns. */
    public Experience select(Rows rows) {
        int[] index = rows.toArray();
        for (int row : index) {
            if (row < 0 || row >= layout.rows()) {
                throw new IndexOutOfBoundsException("row " + row + " of a batch with " + layout.rows() + " rows");
            }
        }
        Layout chosen = layout.select(index);
        Columns selected = Columns.none();
        for (Column<?> column : columns.keys()) {
            selected = selectOne(column, index, chosen, selected);
        }
        return new Experience(chosen, selected);
    }

    private <A> Columns selectOne(Column<A> column, int[] index, Layout chosen, Columns to) {
        A from = columns.get(column);
        A into = column.type().cast(Array.newInstance(column.type().getComponentType(), chosen.size(column.domain())));
        for (int i = 0; i < index.length; i++) {
            copyRow(column.domain(), layout, index[i], from, chosen, i, into);
        }
        return to.with(column, into);
    }

    private static void copyRow(
            Domain domain, Layout source, int row, Object from, Layout target, int at, Object into) {
        switch (domain) {
            case ROW -> System.arraycopy(from, row, into, at, 1);
            case TOKEN -> System.arraycopy(from, source.start(row), into, target.start(at), source.length(row));
            case STATE ->
                System.arraycopy(from, source.stateStart(row), into, target.stateStart(at), source.length(row) + 1);
            default -> throw new IllegalStateException("no column lives on " + domain);
        }
    }

    /** The rows of several batches, one after the other; all must have the same columns. */
    public static Experience concat(List<Experience> parts) {
        requireSameColumns(parts);
        int[] lengths = parts.stream()
                .flatMapToInt(p -> java.util.stream.IntStream.range(0, p.rows()).map(p.layout::length))
                .toArray();
        Layout all = Layout.ofLengths(lengths);
        Columns joined = Columns.none();
        for (Column<?> column : parts.getFirst().columns.keys()) {
            joined = joinOne(column, parts, all, joined);
        }
        return of(all, joined);
    }

    private static void requireSameColumns(List<Experience> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("nothing to concatenate: no batch, so no columns");
        }
        for (Experience part : parts) {
            if (!part.columns.keys().equals(parts.getFirst().columns.keys())) {
                throw new IllegalArgumentException("batches with different columns cannot be joined: "
                        + parts.getFirst().columns.keys() + " and " + part.columns.keys());
            }
        }
    }

    private static <A> Columns joinOne(Column<A> column, List<Experience> parts, Layout all, Columns to) {
        A into = column.type().cast(Array.newInstance(column.type().getComponentType(), all.size(column.domain())));
        int at = 0;
        for (Experience part : parts) {
            A from = part.get(column);
            int n = Array.getLength(from);
            System.arraycopy(from, 0, into, at, n);
            at += n;
        }
        return to.with(column, into);
    }

    @Override
    public String toString() {
        return "Experience[" + layout.rows() + " rows, " + layout.tokens() + " tokens, columns " + columns.keys() + "]";
    }
}
