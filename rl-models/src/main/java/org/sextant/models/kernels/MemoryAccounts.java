// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what the arenas of every role take and give back. */
public final class MemoryAccounts {
    private final Map<String, MemoryUse> roles = new TreeMap<>();

    public synchronized void taken(String role, long bytes) {
        MemoryUse use = of(role);
        long held = use.bytes() + bytes;
        roles.put(role, new MemoryUse(role, held, Math.max(held, use.peakBytes()), use.allocations() + 1));
    }

    public synchronized void givenBack(String role, long bytes) {
        MemoryUse use = of(role);
        roles.put(role, new MemoryUse(role, use.bytes() - bytes, use.peakBytes(), use.allocations()));
    }

    public synchronized long held(String role) {
        return of(role).bytes();
    }

    public synchronized List<MemoryUse> all() {
        return List.copyOf(roles.values());
    }

    private MemoryUse of(String role) {
        return roles.getOrDefault(role, new MemoryUse(role, 0, 0, 0));
    }
}
