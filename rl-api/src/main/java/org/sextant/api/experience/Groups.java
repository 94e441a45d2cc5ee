// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows that answer the same prompt. Rows that are not valid belong to no group. */
public final class Groups {
    private final List<int[]> members;
    private final int rows;

    private Groups(List<int[]> members, int rows) {
        this.members = members;
        this.rows = rows;
    }

    /**
     * @param group group number of each row
     * @param valid which rows count; null for all
     */
    public static Groups of(int[] group, boolean[] valid) {
        Map<Integer, List<Integer>> byGroup = new LinkedHashMap<>();
        for (int i = 0; i < group.length; i++) {
            if (valid == null || valid[i]) {
                byGroup.computeIfAbsent(group[i], g -> new ArrayList<>()).add(i);
            }
        }
        List<int[]> members = byGroup.values().stream()
                .map(rows -> rows.stream().mapToInt(Integer::intValue).toArray())
                .toList();
        return new Groups(members, group.length);
    }

    /** All valid rows of a batch, by {@link Standard#GROUP} and {@link Standard#VALID}. */
    public static Groups of(Experience batch) {
        return of(batch.get(Standard.GROUP), batch.find(Standard.VALID).orElse(null));
    }

    /** Row numbers of each group, in the order in which groups first appear. Not to be written to. */
    public List<int[]> members() {
        return members;
    }

    /** Rows of the batch, grouped or not. */
    public int rows() {
        return rows;
    }
}
