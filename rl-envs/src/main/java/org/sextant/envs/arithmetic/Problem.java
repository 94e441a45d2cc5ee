// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.arithmetic;

import org.sextant.api.environment.Split;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

/** One calculation; operands are not negative. */
record Problem(Operator operator, long a, long b) {
    /** Fixed for ever: the split of a problem must not depend on any setting but the share. */
    private static final Streams SPLIT = new Streams(0);

    String text() {
        return a + operator.sign() + b;
    }

    long result() {
        return operator.apply(a, b);
    }

    int carries() {
        return operator.carries(a, b);
    }

    /** For metrics: operator, digits of the larger operand, carries: {@code add.2d.1c}. */
    String difficulty() {
        int digits = Long.toString(Math.max(a, b)).length();
        return operator.key() + "." + digits + "d." + carries() + "c";
    }

    /**
     * Which split the problem belongs to: evaluation if a hash of it, uniform in [0, 1), is below the share. {@code 47+85} and {@code 85+47} have the
     * same hash, so the answer to one is not learnt from the other.
     */
    Split split(double evaluationShare) {
        boolean swap = operator.commutative() && a > b;
        StreamKey key = new StreamKey("arithmetic/split/" + operator.key(), 0, swap ? b : a, swap ? a : b);
        return SPLIT.open(key).nextDouble() < evaluationShare ? Split.EVALUATION : Split.TRAIN;
    }
}
