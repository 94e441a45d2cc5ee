// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.sextant.algorithms.Numbers.assertNear;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.algorithms.Golden;
import org.sextant.algorithms.aggregation.Aggregation.Kind;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;
import org.sextant.api.testkit.Settings;

class AggregationTest {
    private static final String DEFAULTS =
            "kind = token-mean, normaliser = null, count-empty-rows = true, length-epsilon = 0";

    static Stream<Golden> verl() {
        return Golden.cases("losses_rl.json", "verl_agg_loss");
    }

    @ParameterizedTest
    @MethodSource
    void verl(Golden golden) {
        String mode = golden.hyper("loss_agg_mode").asText().replace("seq-", "sequence-");
        // The commit is older than verl's #3741: no mean over the sequences, and no factor for the number of processes.
        boolean norm = mode.endsWith("norm");
        Kind kind = norm
                ? Kind.TOKEN_SUM_NORM
                : Kind.valueOf(mode.toUpperCase(Locale.ROOT).replace('-', '_'));
        boolean[] mask = golden.mask("loss_mask");
        Layout layout = golden.layout("loss_mask");
        Experience slice = batch(layout, mask);
        double normaliser = golden.hyper("loss_scale_factor").asDouble(layout.length(0));
        Aggregation aggregation = new Aggregation(kind, normaliser, false, 1e-8);
        double loss = reduce(aggregation, slice, whole(golden, slice, kind), golden.numbers("loss_mat"));
        assertNear("loss", loss * (norm ? 1 : golden.hyper("dp_size").asDouble(1)), golden.number("loss"), 1e-9);
    }

    /** The case names tokens and rows of the optimiser batch, of which this is a slice: more rows make up the numbers. */
    private static Experience whole(Golden golden, Experience slice, Kind kind) {
        boolean[] mask = slice.get(Standard.RESPONSE_MASK);
        int tokens = golden.hyper("batch_num_tokens").asInt(Masked.count(mask)) - Masked.count(mask);
        int filled = Masked.count(LossMask.rowsWithAny(mask, slice.layout()));
        int rows =
                kind == Kind.TOKEN_MEAN ? 1 : golden.hyper("global_batch_size").asInt(filled) - filled;
        int[] lengths = new int[rows];
        Arrays.fill(lengths, kind == Kind.TOKEN_MEAN ? tokens : 1);
        boolean[] more = new boolean[Arrays.stream(lengths).sum()];
        Arrays.fill(more, true);
        return Experience.concat(List.of(slice, batch(Layout.ofLengths(lengths), more)));
    }

    @ParameterizedTest
    @CsvSource({
        "token-mean, 1.6666666666666667",
        "sequence-mean-token-sum, 5",
        "sequence-mean-token-mean, 1.5",
        "sequence-mean-token-sum-norm, 1.25",
        "token-sum-norm, 2.5"
    })
    void byHand(String kind, double expected) {
        Experience batch = batch(Layout.ofLengths(2, 4), true, true, true, true, true, true);
        Settings settings = Settings.of(DEFAULTS, "kind = " + kind, kind.endsWith("norm") ? "normaliser = 4" : "");
        Aggregation aggregation = Aggregation.read(settings);
        assertThat(settings.problems()).isEmpty();
        assertThat(reduce(aggregation, batch, batch, new double[] {1, 1, 2, 2, 2, 2}))
                .isCloseTo(expected, within(1e-12));
    }

    @Test
    void allMeansAreEqualWhereAllAnswersAreAsLongAsTheNormaliser() {
        Experience batch = batch(Layout.ofLengths(3, 3), true, true, true, true, true, true);
        double[] loss = {1, -2, 3, 0.5, 4, -1};
        for (Kind kind : List.of(Kind.TOKEN_MEAN, Kind.SEQUENCE_MEAN_TOKEN_MEAN, Kind.SEQUENCE_MEAN_TOKEN_SUM_NORM)) {
            assertThat(reduce(new Aggregation(kind, 3, true, 0), batch, batch, loss))
                    .as("%s", kind)
                    .isCloseTo(5.5 / 6, within(1e-12));
        }
    }

    @Test
    void emptyRowsCountOnlyIfAsked() {
        Experience batch = batch(Layout.ofLengths(1, 2), true, false, false);
        double[] loss = {3, 100, 100};
        assertThat(reduce(new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_MEAN, 1, true, 0), batch, batch, loss))
                .isEqualTo(1.5);
        assertThat(reduce(new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_MEAN, 1, false, 0), batch, batch, loss))
                .isEqualTo(3);
    }

    @Test
    void normaliserIsAskedForWhereItIsUsedAndRefusedElsewhere() {
        Settings missing = Settings.of(DEFAULTS, "kind = sequence-mean-token-sum-norm");
        Aggregation.read(missing);
        assertThat(missing.problems()).singleElement().asString().contains("normaliser", "longest answer");
        Settings unused = Settings.of(DEFAULTS, "normaliser = 8");
        Aggregation.read(unused);
        assertThat(unused.problems())
                .singleElement()
                .asString()
                .contains("only sequence-mean-token-sum-norm and token-sum-norm");
    }

    private static Experience batch(Layout layout, boolean... mask) {
        return Experience.of(layout, Columns.of(Standard.RESPONSE_MASK, mask));
    }

    private static double reduce(Aggregation aggregation, Experience slice, Experience whole, double[] loss) {
        double[] weights = aggregation
                .reduce()
                .weights(slice, slice.get(Standard.RESPONSE_MASK), whole, whole.get(Standard.RESPONSE_MASK));
        double sum = 0;
        for (int t = 0; t < loss.length; t++) {
            sum += weights[t] * loss[t];
        }
        return sum;
    }
}
