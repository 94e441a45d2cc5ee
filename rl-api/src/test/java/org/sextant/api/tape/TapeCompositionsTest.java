// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.tape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Layout;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.tape.FiniteDifferences.Leaf;

/** Random expressions over random ragged batches, in which terms are used many times, against central differences. */
class TapeCompositionsTest {
    private static final int PER_BLOCK = 60;

    @ParameterizedTest(name = "block {0}")
    @ValueSource(longs = {0, 1, 2, 3, 4})
    void gradientsOfRandomExpressions(long block) {
        for (int i = 0; i < PER_BLOCK; i++) {
            StreamKey key = new StreamKey("expression", block, i, 0);
            Stream random = new Streams(42).open(key);
            Layout layout =
                    Layout.ofLengths(random.ints(1 + random.nextInt(4), 0, 4).toArray());
            List<Leaf> leaves = List.of(
                    Leaf.random(Domain.TOKEN, layout, random, -1, 1),
                    Leaf.random(Domain.TOKEN, layout, random, -1, 1),
                    Leaf.random(Domain.ROW, layout, random, -1, 1),
                    Leaf.random(Domain.STATE, layout, random, -1, 1),
                    Leaf.random(Domain.SCALAR, layout, random, -1, 1));
            BiFunction<Tape, List<Term>, Term> expression =
                    (tape, terms) -> expression(layout, terms, new Streams(7).open(key));
            FiniteDifferences.check(key.toString(), layout, leaves, expression);
        }
    }

    /**
     * Ten operations, each on terms made so far; what they are depends on the stream and on domains, never on values.
     */
    private static Term expression(Layout layout, List<Term> leaves, Stream random) {
        List<Term> pool = new ArrayList<>(leaves);
        for (int i = 0; i < 10; i++) {
            Term a = pool.get(random.nextInt(pool.size()));
            pool.add(random.nextInt(3) == 0 ? moved(layout, a, random) : elementwise(a, pool, random));
        }
        return pool.stream().map(Term::sum).reduce(Term::plus).orElseThrow();
    }

    private static Term elementwise(Term a, List<Term> pool, Stream random) {
        List<Term> partners = pool.stream()
                .filter(t -> t.domain() == Domain.SCALAR
                        || t.domain() == a.domain() && t.values().length == a.values().length)
                .toList();
        Term b = partners.get(random.nextInt(partners.size()));
        int n = Math.max(a.domain() == Domain.SCALAR ? 0 : a.values().length, 0);
        return switch (random.nextInt(14)) {
            case 0 -> a.plus(b);
            case 1 -> a.minus(b);
            case 2 -> bounded(a).times(bounded(b));
            case 3 -> bounded(a).dividedBy(bounded(b).square().plus(1));
            case 4 -> a.min(b.plus(0.01));
            case 5 -> a.max(b.minus(0.02));
            case 6 -> bounded(a).exp();
            case 7 -> bounded(a).exp().plus(0.3).log();
            case 8 -> bounded(a).exp().negate().log1mexp();
            case 9 -> a.sigmoid();
            case 10 -> a.logSigmoid();
            case 11 -> a.clip(-0.7, 0.8);
            case 12 -> n == 0 ? a.negate() : a.where(mask(n, random), b);
            default -> bounded(a).square().times(0.7);
        };
    }

    private static Term moved(Layout layout, Term a, Stream random) {
        int n = a.values().length;
        return switch (a.domain()) {
            case TOKEN -> random.nextInt(2) == 0 ? a.rowSum(mask(n, random)) : a.rowMean(mask(n, random));
            case ROW ->
                random.nextInt(2) == 0
                        ? a.toTokens()
                        : a.groupMean(Groups.of(random.ints(n, 0, 2).toArray(), mask(n, random)));
            case STATE -> a.gather(layout.stateOfToken(), Domain.TOKEN);
            case SCALAR, VECTOR ->
                a.gather(IntStream.range(0, 3).map(i -> random.nextInt(n)).toArray(), Domain.VECTOR);
        };
    }

    private static Term bounded(Term a) {
        return a.sigmoid().times(2).minus(1);
    }

    private static boolean[] mask(int n, Stream random) {
        boolean[] mask = new boolean[n];
        for (int i = 0; i < n; i++) {
            mask[i] = random.nextInt(3) > 0;
        }
        return mask;
    }

    @ParameterizedTest
    @ValueSource(longs = 3)
    void expressionsDiffer(long seed) {
        Layout layout = Layout.ofLengths(2, 1);
        double[] results = IntStream.range(0, 50)
                .mapToDouble(i -> {
                    Tape tape = new Tape(layout);
                    List<Term> leaves = List.of(
                            tape.variable(Domain.TOKEN, new double[] {0.1, 0.2, 0.3}),
                            tape.variable(Domain.ROW, new double[] {0.4, 0.5}),
                            tape.variable(Domain.STATE, new double[] {1, 2, 3, 4, 5}));
                    Stream random = new Streams(seed).open(new StreamKey("differ", i, 0, 0));
                    return expression(layout, leaves, random).values()[0];
                })
                .toArray();
        assertThat(Arrays.stream(results).distinct().count()).isGreaterThan(45);
    }
}
