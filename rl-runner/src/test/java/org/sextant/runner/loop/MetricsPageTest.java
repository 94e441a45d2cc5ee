// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.runner.config.Layers;
import org.sextant.runner.wiring.Catalogs;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.Wiring;

/**
 * {@code docs/metrics.md} says what the code says: every metric that a run with the algorithms that come with Sextant may write. To write the
 * page anew, run this test with {@code -Dsextant.write.docs=true}.
 */
class MetricsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Wiring WIRING = Wiring.of(new Plugins(List.of()));
    private static final Map<String, String> PHASE_OF = new TreeMap<>(Map.of(
            "grpo", "rl", "ppo", "rl", "reinforce-pp", "rl", "remax", "rl", "rft", "rl", "rloo", "rl", "sft", "sft"));
    private static final String HEAD = """
        # Metrics

        What stands in `metrics.jsonl`, in TensorBoard, and, for `eval/`, in `summary.json`. A name in angle brackets is filled in at run time. Names are TRL's where the
        meaning is the same. `MetricsPageTest` makes this page from the definitions in the code and fails if they disagree; a run that writes a
        number without a definition stops.

        *Joined by*: how numbers of several micro-batches or optimiser steps of one step become one; a mean weighs what was counted.

        | metric | meaning | unit | counts | joined by | written by |
        |---|---|---|---|---|---|
        """;

    @Test
    void pageHasEveryMetricAsItIsDefined() throws IOException {
        String page = page();
        if (Boolean.getBoolean("sextant.write.docs")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }

    @Test
    void everyAlgorithmIsOnThePage() {
        TreeSet<String> shipped = new TreeSet<>();
        WIRING.get(Catalogs.class).algorithms().byName().forEach((name, provider) -> {
            if (provider.get().getClass().getName().startsWith("org.sextant.algorithms.")) {
                shipped.add(name);
            }
        });
        assertThat(PHASE_OF.keySet()).containsExactlyElementsOf(shipped);
    }

    private static String page() {
        SortedMap<String, MetricDefinition> definitions = new TreeMap<>();
        SortedMap<String, TreeSet<String>> writers = new TreeMap<>();
        PHASE_OF.forEach((algorithm, phase) -> definitions(algorithm, phase).forEach(d -> {
            assertThat(definitions.getOrDefault(d.name(), d)).isEqualTo(d);
            definitions.put(d.name(), d);
            writers.computeIfAbsent(d.name(), n -> new TreeSet<>()).add(algorithm);
        }));
        StringBuilder page = new StringBuilder(HEAD);
        definitions.forEach((name, d) -> page.append(line(d, writers.get(name))));
        return page.toString();
    }

    private static List<MetricDefinition> definitions(String algorithm, String phase) {
        String hocon = SmallRun.BASE + "reward { name = exact-match }\n" + "phases = [{ kind = " + phase
                + ", algorithm { name = " + algorithm + " } }]";
        return List.copyOf(
                RunMetrics.of(WIRING.get(ExperimentReader.class).read(Layers.parse("test.conf", hocon, List.of())))
                        .definitions());
    }

    private static String line(MetricDefinition d, TreeSet<String> writers) {
        String by = writers.equals(PHASE_OF.keySet()) ? "every run" : String.join(", ", writers);
        return "| `" + d.name() + "` | " + d.definition().replace("|", "\\|") + " | " + d.unit() + " | "
                + lower(d.domain()) + " | " + lower(d.reduction()) + " | " + by + " |\n";
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
