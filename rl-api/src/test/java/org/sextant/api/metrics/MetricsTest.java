// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Domain;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.state.StateMap;

class MetricsTest {
    /** Slices of 3 and 1 entries: (1 + 2 + 6 + 7)/4, not the mean of 3 and 7. */
    @Test
    void meansOfSlicesAreWeighed() {
        Metrics first = new Metrics();
        first.mean("kl", new double[] {1, 2, 6}, null);
        Metrics second = new Metrics();
        second.mean("kl", new double[] {Double.NaN, 7}, new boolean[] {false, true});
        first.addAll(second);
        assertThat(first.values()).containsExactly(Map.entry("kl", 4.0));
    }

    @Test
    void eachReductionMergesInItsWay() {
        Metrics first = new Metrics();
        Metrics second = new Metrics();
        for (Metrics m : List.of(first, second)) {
            double x = m == first ? 2 : 5;
            m.sum("rows", x);
            m.min("shortest", x);
            m.max("longest", x);
            m.value("rate", x);
            m.mean("given", 10 * x, x);
        }
        first.addAll(second);
        assertThat(first.reductions()).containsEntry("rows", Reduction.SUM).containsEntry("rate", Reduction.MEAN);
        assertThat(first.values())
                .containsExactly(
                        Map.entry("given", 10.0),
                        Map.entry("longest", 5.0),
                        Map.entry("rate", 3.5),
                        Map.entry("rows", 7.0),
                        Map.entry("shortest", 2.0));
        assertThat(second.values()).containsEntry("rows", 5.0);
    }

    @Test
    void aMeanOfNothingIsLeftOut() {
        Metrics metrics = new Metrics();
        metrics.mean("kl", new double[] {1}, new boolean[] {false});
        assertThat(metrics.values()).isEmpty();
        metrics.mean("kl", new double[] {3}, null);
        assertThat(metrics.values()).containsExactly(Map.entry("kl", 3.0));
    }

    @Test
    void aNumberThatIsNotOneIsNotHidden() {
        Metrics metrics = new Metrics();
        metrics.mean("kl", new double[] {1, Double.NaN}, null);
        assertThat(metrics.values().get("kl")).isNaN();
    }

    @Test
    void oneNameHasOneReduction() {
        Metrics metrics = new Metrics();
        metrics.sum("rows", 1);
        assertThatThrownBy(() -> metrics.max("rows", 2)).hasMessageContaining("'rows' is a SUM here and a MAX there");
    }

    private static MetricDefinition metric(String name, String definition) {
        return new MetricDefinition(name, definition, "1", Reduction.MEAN, Domain.ROW);
    }

    @Test
    void theRegistryKnowsNamesAndPatterns() {
        MetricRegistry registry = new MetricRegistry();
        registry.define(List.of(metric("kl", "a"), metric("rewards/<component>/mean", "b"), metric("eval/<x>", "c")));
        registry.define(List.of(metric("kl", "a")));
        Metrics metrics = new Metrics();
        metrics.value("kl", 1);
        metrics.value("rewards/exact.match/mean", 1);
        metrics.value("eval/accuracy", 1);
        assertThatCode(() -> registry.check(metrics)).doesNotThrowAnyException();
        assertThat(registry.definitions())
                .extracting(MetricDefinition::name)
                .containsExactly("eval/<x>", "kl", "rewards/<component>/mean");
        assertThat(registry.find("rewards/exact/mean"))
                .map(MetricDefinition::definition)
                .contains("b");
        assertThat(registry.find("kl2")).isEmpty();
        for (String unknown :
                List.of("kl2", "rewards/a/b/mean", "rewards//mean", "rewards/a/std", "eval/", "xeval/y")) {
            Metrics more = new Metrics();
            more.value(unknown, 1);
            assertThatThrownBy(() -> registry.check(more))
                    .as(unknown)
                    .hasMessageContaining("'" + unknown + "' has no definition");
        }
    }

    @Test
    void aMetricHasOneDefinition() {
        MetricRegistry registry = new MetricRegistry();
        registry.define(List.of(metric("kl", "a")));
        assertThatThrownBy(() -> registry.define(List.of(metric("kl", "b"))))
                .hasMessageContaining("'kl' is defined twice");
    }

    @Test
    void theLedgerAddsUpAndSurvives() {
        Ledger ledger = new Ledger();
        ledger.add("tokens/generated", 10);
        ledger.add("tokens/generated", 5);
        assertThat(ledger.<Integer>timed("collect", () -> 42)).isEqualTo(42);
        assertThatThrownBy(() -> ledger.timed("update", () -> {
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(ledger.total("tokens/generated")).isEqualTo(15);
        assertThat(ledger.total("nothing")).isZero();
        assertThat(ledger.totals()).containsOnlyKeys("tokens/generated", "seconds/collect", "seconds/update");
        assertThat(ledger.total("seconds/collect")).isPositive();
        StateMap saved = new StateMap();
        ledger.save(saved);
        Ledger restored = new Ledger();
        restored.add("forgotten", 1);
        restored.load(saved);
        saved.assertAllRead();
        assertThat(restored.totals()).isEqualTo(ledger.totals());
    }
}
