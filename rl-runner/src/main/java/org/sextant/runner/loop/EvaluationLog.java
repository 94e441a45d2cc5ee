// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sextant.api.state.StateMap;
import org.sextant.api.state.Stateful;

/** All evaluations of a run so far; the summary's before and after come from here, also after a resume. */
public final class EvaluationLog implements Stateful {
    /** One evaluation. */
    public record Entry(int phase, String moment, int step, SortedMap<String, Double> metrics) {}

    private final List<Entry> entries = new ArrayList<>();

    public void add(Entry entry) {
        entries.add(entry);
    }

    /** The first evaluation of this moment. */
    public Optional<Entry> first(String moment) {
        return entries.stream().filter(e -> e.moment().equals(moment)).findFirst();
    }

    /** The last evaluation of this moment. */
    public Optional<Entry> last(String moment) {
        return entries.reversed().stream()
                .filter(e -> e.moment().equals(moment))
                .findFirst();
    }

    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public void save(StateMap out) {
        out.put("count", entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            StateMap saved = out.nested("evaluation-" + i);
            saved.put("phase", entry.phase());
            saved.put("moment", entry.moment());
            saved.put("step", entry.step());
            StateMap metrics = saved.nested("metrics");
            entry.metrics().forEach(metrics::put);
        }
    }

    @Override
    public void load(StateMap in) {
        entries.clear();
        for (int i = 0; i < in.getLong("count"); i++) {
            StateMap saved = in.getNested("evaluation-" + i);
            StateMap metrics = saved.getNested("metrics");
            SortedMap<String, Double> values = new TreeMap<>();
            metrics.entries().keySet().forEach(name -> values.put(name, metrics.getDouble(name)));
            entries.add(new Entry(
                    (int) saved.getLong("phase"), saved.getString("moment"), (int) saved.getLong("step"), values));
        }
    }
}
