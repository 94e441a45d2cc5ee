// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.tape;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Layout;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.tape.FiniteDifferences.Leaf;

/** Every operation alone against central differences, on a batch with an empty row and a row of one token. */
class TapeOperationsTest {
    private static final Layout LAYOUT = Layout.ofLengths(3, 0, 1, 2);
    private static final boolean[] MASK = {true, false, true, true, false, false};
    private static final boolean[] NOTHING = new boolean[6];
    private static final Groups GROUPS = Groups.of(new int[] {1, 0, 1, 0}, new boolean[] {true, true, true, false});

    private static Arguments binary(String name, BiFunction<Term, Term, Term> f) {
        return arguments(name, (BiFunction<Tape, List<Term>, Term>) (tape, t) -> f.apply(t.get(0), t.get(1)));
    }

    private static Arguments unary(String name, java.util.function.UnaryOperator<Term> f) {
        return arguments(name, (BiFunction<Tape, List<Term>, Term>) (tape, t) -> f.apply(t.get(0)));
    }

    private static Arguments byRow(String name, java.util.function.UnaryOperator<Term> f) {
        return arguments(name, (BiFunction<Tape, List<Term>, Term>) (tape, t) -> f.apply(t.get(2)));
    }

    static Stream<Arguments> operations() {
        return Stream.of(
                binary("plus", Term::plus),
                binary("minus", Term::minus),
                binary("times", Term::times),
                binary("dividedBy", Term::dividedBy),
                binary("min", Term::min),
                binary("max", Term::max),
                binary("where", (a, b) -> a.where(MASK, b)),
                unary("plus number", a -> a.plus(1.25)),
                unary("minus number", a -> a.minus(0.75)),
                unary("times number", a -> a.times(-2.5)),
                unary("negate", Term::negate),
                unary("square", Term::square),
                unary("exp", Term::exp),
                unary("log", Term::log),
                unary("log1mexp near zero", a -> a.times(-0.1).log1mexp()),
                unary("log1mexp far", a -> a.times(-3).log1mexp()),
                unary("sigmoid", Term::sigmoid),
                unary("logSigmoid", a -> a.minus(1).logSigmoid()),
                unary("clip", a -> a.clip(0.8, 1.4)),
                unary("sum", Term::sum),
                unary("rowSum", a -> a.rowSum(MASK)),
                unary("rowMean", a -> a.rowMean(MASK)),
                unary("rowMean of nothing", a -> a.rowMean(NOTHING)),
                unary("gather to VECTOR", a -> a.gather(new int[] {5, 0, 0, 2}, Domain.VECTOR)),
                unary("gather to ROW", a -> a.gather(new int[] {5, 0, 0, 2}, Domain.ROW)),
                unary("gather of nothing", a -> a.gather(new int[0], Domain.VECTOR)),
                byRow("toTokens", Term::toTokens),
                byRow("groupMean", a -> a.groupMean(GROUPS)),
                arguments("SCALAR on the right", (BiFunction<Tape, List<Term>, Term>)
                        (tape, t) -> t.get(0).dividedBy(t.get(3))),
                arguments("SCALAR on the left", (BiFunction<Tape, List<Term>, Term>)
                        (tape, t) -> t.get(3).dividedBy(t.get(0))),
                arguments("SCALAR in where", (BiFunction<Tape, List<Term>, Term>)
                        (tape, t) -> t.get(3).where(MASK, t.get(0))),
                arguments("custom", (BiFunction<Tape, List<Term>, Term>)
                        (tape, t) -> weightedCubes(tape, t.get(0), t.get(3))));
    }

    /** {@code scale · x³} by element, as a plugin would write it. */
    static Term weightedCubes(Tape tape, Term x, Term scale) {
        return tape.custom(
                x.domain(),
                List.of(x, scale),
                in -> {
                    double[] y = new double[in[0].length];
                    for (int i = 0; i < y.length; i++) {
                        y[i] = in[1][0] * Math.pow(in[0][i], 3);
                    }
                    return y;
                },
                (in, y, upstream, gradients) -> {
                    for (int i = 0; i < y.length; i++) {
                        gradients[0][i] += upstream[i] * in[1][0] * 3 * in[0][i] * in[0][i];
                        gradients[1][0] += upstream[i] * Math.pow(in[0][i], 3);
                    }
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void gradientIsThatOfTheValue(String name, BiFunction<Tape, List<Term>, Term> f) {
        org.sextant.api.random.Stream random = new Streams(1).open(StreamKey.of(name));
        List<Leaf> leaves = List.of(
                Leaf.random(Domain.TOKEN, LAYOUT, random, 0.5, 1.7),
                Leaf.random(Domain.TOKEN, LAYOUT, random, 0.5, 1.7),
                Leaf.random(Domain.ROW, LAYOUT, random, -1, 1),
                Leaf.random(Domain.SCALAR, LAYOUT, random, 0.5, 1.5));
        FiniteDifferences.check(name, LAYOUT, leaves, f);
    }
}
