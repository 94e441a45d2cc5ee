// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Work on rows that do not depend on each other, cut into panels that are worth handing to another thread. */
abstract class RowWork implements Threads.Panels {
    /** Elements in a panel, about: some microseconds of work. */
    static final int PANEL_ELEMENTS = 16_384;

    private int count;
    private int perPanel;

    abstract void rows(int from, int to, int worker);

    final void launch(Threads threads, int count, long elementsPerRow) {
        this.count = count;
        this.perPanel = (int) Math.max(1, PANEL_ELEMENTS / Math.max(1, elementsPerRow));
        threads.run(this, Math.ceilDiv(count, perPanel));
    }

    @Override
    public final void panel(int index, int worker) {
        rows(index * perPanel, Math.min(count, (index + 1) * perPanel), worker);
    }
}
