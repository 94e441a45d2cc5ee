// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricRegistry;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Output;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.state.StateMap;
import org.sextant.api.testkit.Rehearsal.Loss;

/**
 * What every {@link Algorithm} must hold to. Extend it and return yours, with settings under which each part of the
 * loss contributes; add tests of its numbers in the same class.
 *
 * <p>Model outputs are random numbers, the batch is {@link Batches#matching}; override {@link #batch()} if the
 * algorithm needs columns that the kit does not know.
 */
public abstract class AlgorithmContract {
    /** Columns that every collected batch has. */
    private static final Set<Column<?>> ROLLOUT_COLUMNS = Set.of(
            Standard.TOKENS,
            Standard.RESPONSE_MASK,
            Standard.TURN,
            Standard.SAMPLING_LOGP,
            Standard.OLD_LOGP,
            Standard.REWARD,
            Standard.TOKEN_REWARDS,
            Standard.VALID,
            Standard.GROUP,
            Standard.FINISH,
            Standard.POLICY_VERSION,
            Standard.ITEM,
            Standard.DIFFICULTY);
    /** Columns that every batch of stored data has. */
    private static final Set<Column<?>> OFFLINE_COLUMNS = Set.of(
            Standard.TOKENS,
            Standard.RESPONSE_MASK,
            Standard.TURN,
            Standard.ROLE,
            Standard.GROUP,
            Standard.ITEM,
            Standard.DIFFICULTY);

    /** A fresh algorithm, always with the same settings. */
    protected abstract Algorithm algorithm();

    /** A batch as it is handed to {@link Algorithm#curate}; the same each time. */
    protected Experience batch() {
        return Batches.matching(algorithm().needs(), 7);
    }

    /** Tokens that may matter; what stands outside changes nothing. */
    protected Mask mask() {
        return Mask.response();
    }

    /**
     * Whether the loss uses {@code detach()} on something that depends on an output. Its gradient is then by intention
     * not that of its value, and the finite differences are left out.
     */
    protected boolean stopsGradients() {
        return false;
    }

    private Experience played() {
        return Rehearsal.withOutputs(batch(), algorithm().needs(), 11);
    }

    @Test
    @DisplayName("equal inputs give equal bits, from a fresh instance and from a used one")
    void deterministic() {
        Algorithm one = algorithm();
        Rehearsal first = Rehearsal.of(one, played());
        Loss loss = first.loss();
        Same.bits(first.loss(), loss);
        Rehearsal fresh = Rehearsal.of(algorithm(), played());
        Same.credit(fresh, first);
        Same.bits(fresh.loss(), loss);
    }

    @Test
    @DisplayName("every number is finite, whatever rows the batch has")
    void finite() {
        Loss loss = Rehearsal.of(algorithm(), played()).loss();
        assertThat(loss.evaluation().loss()).isFinite();
        loss.evaluation().gradients().forEach((output, gradient) -> {
            assertThat(Arrays.stream(gradient).allMatch(Double::isFinite))
                    .as("gradient of %s is finite", output.name())
                    .isTrue();
        });
        loss.metrics()
                .values()
                .forEach((name, value) -> assertThat(value).as(name).isFinite());
    }

    @Test
    @DisplayName("an algorithm restored from its saved state goes on as the original does")
    void savedStateRestores() {
        Algorithm original = algorithm();
        for (int step = 0; step < 2; step++) {
            Rehearsal.of(original, played()).loss();
        }
        StateMap saved = Same.saved(original);
        Algorithm restored = algorithm();
        restored.load(saved);
        saved.assertAllRead();
        assertThat(Same.flat(Same.saved(restored))).isEqualTo(Same.flat(Same.saved(original)));
        Rehearsal next = Rehearsal.of(restored, played());
        Rehearsal expected = Rehearsal.of(original, played());
        Same.credit(next, expected);
        Same.bits(next.loss(), expected.loss());
    }

    @Test
    @DisplayName("the objective leaves the algorithm as it was")
    void objectiveChangesNothing() {
        Algorithm algorithm = algorithm();
        Rehearsal rehearsal = Rehearsal.of(algorithm, played());
        Map<String, Object> before = Same.flat(Same.saved(algorithm));
        rehearsal.loss();
        assertThat(Same.flat(Same.saved(algorithm))).isEqualTo(before);
    }

    @Test
    @DisplayName("curate, credit and objective write to no column that they were given")
    void mutatesNothing() {
        Experience raw = played();
        Experience rawCopy = copy(raw);
        Experience curated = raw.select(algorithm().curate(raw));
        Experience curatedCopy = copy(curated);
        Rehearsal credited = Rehearsal.ofCurated(algorithm(), curated);
        Experience creditedCopy = copy(credited.batch());
        credited.loss();
        Same.columns(raw, rawCopy);
        Same.columns(curated, curatedCopy);
        Same.columns(credited.batch(), creditedCopy);
    }

    @Test
    @DisplayName("numbers outside the mask change nothing and get no gradient")
    void masksAreRespected() {
        Experience batch = played();
        boolean[] mask = mask().over(batch);
        Map<Domain, boolean[]> outside = new LinkedHashMap<>();
        for (Domain domain : List.of(Domain.ROW, Domain.TOKEN, Domain.STATE)) {
            outside.put(domain, Rehearsal.outside(domain, batch, mask));
        }
        Experience moved = Rehearsal.moved(batch, (column, i) -> outside.get(column.domain())[i], 1.7);
        Rehearsal original = Rehearsal.of(algorithm(), batch);
        Loss expected = original.loss();
        Loss found = Rehearsal.of(algorithm(), moved).loss();
        Same.bits(found, expected);
        expected.evaluation().gradients().forEach((output, gradient) -> {
            boolean[] none = Rehearsal.outside(output.domain(), original.batch(), mask().over(original.batch()));
            for (int i = 0; i < none.length; i++) {
                assertThat(none[i] ? gradient[i] : 0)
                        .as("gradient of %s at %d", output.name(), i)
                        .isZero();
            }
        });
    }

    @Test
    @DisplayName("rows whose reward abstained have no gradient")
    void invalidRowsHaveNoGradient() {
        Rehearsal rehearsal = Rehearsal.of(algorithm(), played());
        boolean[] valid = rehearsal.batch().find(Standard.VALID).orElse(null);
        if (valid == null) {
            return;
        }
        Loss loss = rehearsal.loss();
        for (int row = 0; row < valid.length; row++) {
            for (Map.Entry<Output, double[]> entry :
                    loss.evaluation().gradients().entrySet()) {
                double[] ofRow = valid[row] ? new double[1] : Same.rowOf(entry, rehearsal.batch(), row);
                assertThat(ofRow)
                        .as("gradient of %s in row %d", entry.getKey().name(), row)
                        .containsOnly(0);
            }
        }
    }

    @Test
    @DisplayName("losses, gradients and metrics of the slices add up to those of the batch")
    void microBatchesAddUp() {
        Rehearsal whole = Rehearsal.of(algorithm(), played());
        Loss expected = whole.loss();
        for (List<Rows> slices : cuts(whole.batch())) {
            assertAddsUp(whole, expected, slices);
        }
    }

    private List<List<Rows>> cuts(Experience batch) {
        List<Rows> all = List.of(Rows.all(batch.rows()));
        int[] unit = IntStream.range(0, batch.rows()).toArray();
        switch (algorithm().needs().coupling()) {
            case BATCH -> {
                return List.of(all);
            }
            case GROUP -> unit = batch.get(Standard.GROUP);
            case ROW -> {}
        }
        int[] unitOf = unit;
        List<Rows> single = Arrays.stream(unit)
                .distinct()
                .mapToObj(u -> Rows.where(unitOf.length, row -> unitOf[row] == u))
                .toList();
        int first = unit[0];
        List<Rows> uneven = List.of(
                Rows.where(unit.length, row -> unitOf[row] == first),
                Rows.where(unit.length, row -> unitOf[row] != first));
        return List.of(all, single, uneven);
    }

    private static void assertAddsUp(Rehearsal whole, Loss expected, List<Rows> slices) {
        double loss = 0;
        Map<String, Double> parts = new LinkedHashMap<>();
        Metrics metrics = new Metrics();
        for (Rows rows : slices) {
            Experience slice = whole.batch().select(rows);
            Loss one = whole.loss(slice, whole.batch());
            loss += one.evaluation().loss();
            one.evaluation().parts().forEach((name, value) -> parts.merge(name, value, Double::sum));
            metrics.addAll(one.metrics());
            int[] index = rows.toArray();
            for (Map.Entry<Output, double[]> entry :
                    expected.evaluation().gradients().entrySet()) {
                double[] found = one.evaluation().gradients().get(entry.getKey());
                assertThat(found)
                        .as("gradient of %s in %s", entry.getKey().name(), rows)
                        .containsExactly(Same.select(entry, whole.batch(), index), within(1e-9));
            }
        }
        assertThat(loss).isCloseTo(expected.evaluation().loss(), within(1e-9));
        parts.forEach((name, value) -> assertThat(value)
                .as("part %s", name)
                .isCloseTo(expected.evaluation().parts().get(name), within(1e-9)));
        assertThat(metrics.values().keySet())
                .isEqualTo(expected.metrics().values().keySet());
        metrics.values()
                .forEach((name, value) -> assertThat(value)
                        .as("metric %s", name)
                        .isCloseTo(expected.metrics().values().get(name), within(1e-9)));
    }

    @Test
    @DisplayName("the order of the curated rows does not matter")
    void rowOrderDoesNotMatter() {
        Experience batch = played();
        Experience curated = batch.select(algorithm().curate(batch));
        int[] order = new Streams(3).open(StreamKey.of("testkit/order")).permutation(curated.rows());
        Loss expected = Rehearsal.ofCurated(algorithm(), curated).loss();
        Loss found =
                Rehearsal.ofCurated(algorithm(), curated.select(Rows.of(order))).loss();
        assertThat(found.evaluation().loss()).isCloseTo(expected.evaluation().loss(), within(1e-9));
    }

    @Test
    @DisplayName("gradients are those of the loss, by central differences")
    void gradientsMatchFiniteDifferences() {
        assumeFalse(stopsGradients(), "the loss stops gradients by intention");
        Rehearsal rehearsal = Rehearsal.of(algorithm(), played());
        Map<Output, double[]> gradients = rehearsal.loss().evaluation().gradients();
        double h = 1e-6;
        gradients.forEach((output, gradient) -> {
            for (int i = 0; i < gradient.length; i++) {
                double slope = (shifted(rehearsal, output, i, h) - shifted(rehearsal, output, i, -h)) / (2 * h);
                assertThat(gradient[i])
                        .as("gradient of %s at %d", output.name(), i)
                        .isCloseTo(slope, within(1e-7 + 1e-5 * Math.abs(slope)));
            }
        });
    }

    private static double shifted(Rehearsal rehearsal, Output output, int at, double by) {
        Column<double[]> carrier = Rehearsal.carrier(output);
        Experience batch =
                Rehearsal.moved(rehearsal.batch(), (column, i) -> column.equals(carrier) && i == at, by / (1 + at % 3));
        return rehearsal.loss(batch, batch).evaluation().loss();
    }

    @Test
    @DisplayName("nothing is read that needs() does not name")
    void needsAreComplete() {
        Needs needs = algorithm().needs();
        Set<Column<?>> declared = new HashSet<>(needs.columns());
        declared.addAll(needs.data() == DataKind.ROLLOUTS ? ROLLOUT_COLUMNS : OFFLINE_COLUMNS);
        if (needs.rollout().isPresent() && needs.rollout().get().greedyBaseline()) {
            declared.add(Standard.GREEDY_REWARD);
        }
        Experience bare = Rehearsal.keep(
                played(), column -> declared.contains(column) || column.name().startsWith("testkit/"));
        Experience collected = Rehearsal.keep(bare, column -> !needs.columns().contains(column));
        assertThat(algorithm().curate(collected)).isEqualTo(algorithm().curate(bare));
        Rehearsal expected = Rehearsal.of(algorithm(), bare);
        Experience rich = bare;
        List<Column<double[]>> extras =
                List.of(Standard.REF_LOGP, Standard.VALUES, Standard.RETURNS, Standard.ADVANTAGES);
        for (Column<double[]> extra : extras) {
            boolean taken = bare.has(extra) || expected.batch().has(extra);
            rich = taken ? rich : Fill.in(extra, rich, new Streams(5).open(StreamKey.of("testkit/extra")));
        }
        Same.bits(Rehearsal.of(algorithm(), rich).loss(), expected.loss());
    }

    @Test
    @DisplayName("every metric that is written has a definition, and is merged as it says")
    void metricsAreDefined() {
        MetricRegistry registry = new MetricRegistry();
        registry.define(algorithm().metrics());
        Rehearsal rehearsal = Rehearsal.of(algorithm(), played());
        for (Metrics metrics :
                List.of(rehearsal.creditMetrics(), rehearsal.loss().metrics())) {
            registry.check(metrics);
            metrics.reductions()
                    .forEach((name, reduction) -> assertThat(registry.find(name).map(MetricDefinition::reduction))
                            .as("reduction of %s", name)
                            .contains(reduction));
        }
    }

    private static Experience copy(Experience batch) {
        return Rehearsal.moved(batch, (column, i) -> false, 0);
    }
}
