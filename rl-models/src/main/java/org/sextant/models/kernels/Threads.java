// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A pool for work that comes in numbered panels. Panels are claimed one by one by whoever is free, so who computes a
 * panel is open, but what a panel computes is not: results do not depend on the number of threads. The caller works
 * too; the other threads are daemons that spin for some microseconds after the last work, then park. Running work
 * allocates nothing.
 */
final class Threads implements AutoCloseable {
    /** Work of several panels that may run at the same time. */
    interface Panels {
        /**
         * Computes one panel.
         *
         * @param index of the panel
         * @param worker number of the thread, for its scratch memory
         */
        void panel(int index, int worker);
    }

    private static final int INDEX_BITS = 20;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int SPINS = 4_000;

    private final Thread[] helpers;
    private final AtomicBoolean[] parked;

    /**
     * Epoch of the work, number of panels, next panel: one word, so that a late thread cannot claim from the wrong
     * work.
     */
    private final AtomicLong state = new AtomicLong();

    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private Panels work;
    private volatile boolean closed;

    Threads(int threads) {
        helpers = new Thread[threads - 1];
        parked = new AtomicBoolean[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            int helper = i;
            parked[i] = new AtomicBoolean();
            helpers[i] = Thread.ofPlatform().daemon().name("kernels-" + (i + 1)).start(() -> help(helper));
        }
    }

    int count() {
        return helpers.length + 1;
    }

    /** Computes panels 0 … count-1 and returns when all are done; what a panel throws is thrown here. */
    void run(Panels panels, int count) {
        if (closed) {
            throw new IllegalStateException("the kernels are closed");
        }
        if (count > INDEX_MASK) {
            throw new IllegalArgumentException(count + " panels, at most " + INDEX_MASK + " are possible");
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("two threads use the same kernels at once: give each its own kernels");
        }
        try {
            if (count <= 1 || helpers.length == 0) {
                for (int i = 0; i < count; i++) {
                    panels.panel(i, 0);
                }
            } else {
                share(panels, count);
            }
        } finally {
            busy.set(false);
        }
    }

    private void share(Panels panels, int count) {
        completed.set(0);
        work = panels;
        long epoch = (state.get() >>> 2 * INDEX_BITS) + 1;
        state.set(epoch << 2 * INDEX_BITS | (long) count << INDEX_BITS);
        for (int i = 0; i < helpers.length; i++) {
            if (parked[i].get()) {
                LockSupport.unpark(helpers[i]);
            }
        }
        claim(0);
        for (int spin = 0; completed.get() < count; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        work = null;
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            rethrow(thrown);
        }
    }

    /** Claims and computes panels until none is left; true if it got one. */
    private boolean claim(int worker) {
        boolean any = false;
        while (true) {
            long now = state.get();
            int next = (int) now & INDEX_MASK;
            if (next >= ((int) (now >>> INDEX_BITS) & INDEX_MASK)) {
                return any;
            }
            if (state.compareAndSet(now, now + 1)) {
                any = true;
                try {
                    work.panel(next, worker);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                } finally {
                    completed.incrementAndGet();
                }
            }
        }
    }

    private void help(int helper) {
        int idle = 0;
        while (!closed) {
            if (claim(helper + 1)) {
                idle = 0;
            } else if (idle++ < SPINS) {
                Thread.onSpinWait();
            } else {
                park(helper);
                idle = 0;
            }
        }
    }

    private void park(int helper) {
        parked[helper].set(true);
        long now = state.get();
        boolean nothing = ((int) now & INDEX_MASK) >= ((int) (now >>> INDEX_BITS) & INDEX_MASK);
        if (nothing && !closed) {
            LockSupport.park(this);
        }
        parked[helper].set(false);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void rethrow(Throwable t) throws T {
        throw (T) t;
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
