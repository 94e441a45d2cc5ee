// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

class KlToReferenceTest {
    private static final int POSITION = 1;

    /** A batch of one prompt token, one token whose prediction has this reference, and one outside the mask. */
    private static VocabularyReduction against(float... logReference) {
        float[][] all = {null, logReference, null};
        return new KlToReference().over(Experience.of(Layout.ofLengths(3), Columns.of(Standard.REF_DISTRIBUTION, all)));
    }

    private static LogitsRow row(double... logits) {
        return new LogitsRow().set(logits, 0, POSITION);
    }

    private static float[] log(double... probabilities) {
        float[] log = new float[probabilities.length];
        for (int v = 0; v < log.length; v++) {
            log[v] = (float) Math.log(probabilities[v]);
        }
        return log;
    }

    /** ¾ log(¾ / ½) + ¼ log(¼ / ½) = ¾ log 3 − log 2. */
    @Test
    void byHand() {
        assertThat(against(log(0.5, 0.5)).forward(row(Math.log(3), 0)))
                .isCloseTo(0.75 * Math.log(3) - Math.log(2), within(1e-7));
    }

    @Test
    void isZeroWithoutASlopeWhereBothAgree() {
        double[] gradient = new double[2];
        VocabularyReduction kl = against(log(0.25, 0.75));
        kl.backward(row(0, Math.log(3)), 1, gradient);
        assertThat(kl.forward(row(0, Math.log(3)))).isCloseTo(0, within(1e-7));
        assertThat(gradient).containsExactly(new double[2], within(1e-7));
    }

    @Test
    void gradientMatchesFiniteDifferences() {
        Stream random = new Streams(4).open(StreamKey.of("kl"));
        for (int run = 0; run < 30; run++) {
            double[] logits = random.doubles(2 + run % 7).map(u -> 8 * u - 4).toArray();
            float[] reference = new float[logits.length];
            for (int v = 0; v < reference.length; v++) {
                reference[v] = (float) (-6 * random.nextDouble());
            }
            VocabularyReduction kl = against(reference);
            double[] gradient = new double[logits.length];
            kl.backward(row(logits), -2, gradient);
            for (int v = 0; v < logits.length; v++) {
                double kept = logits[v];
                logits[v] = kept + 1e-6;
                double above = kl.forward(row(logits));
                logits[v] = kept - 1e-6;
                double below = kl.forward(row(logits));
                logits[v] = kept;
                assertThat(gradient[v]).isCloseTo(-2 * (above - below) / 2e-6, within(1e-7));
            }
        }
    }

    @Test
    void tokensThatThePolicyRulesOutLeaveNoNaN() {
        float[] reference = {Float.NEGATIVE_INFINITY, (float) -Math.log(2), (float) -Math.log(2)};
        VocabularyReduction kl = against(reference);
        double[] gradient = new double[3];
        kl.backward(row(Double.NEGATIVE_INFINITY, 0, Math.log(3)), 1, gradient);
        assertThat(kl.forward(row(Double.NEGATIVE_INFINITY, 0, Math.log(3))))
                .isCloseTo(0.75 * Math.log(3) - Math.log(2), within(1e-7));
        assertThat(gradient[0]).isZero();
        assertThat(gradient[1] + gradient[2]).isCloseTo(0, within(1e-15));
    }

    @Test
    void isNothingWhereThereIsNoReference() {
        VocabularyReduction kl = against(log(0.5, 0.5));
        LogitsRow masked = new LogitsRow().set(new double[] {1, 0}, 0, 2);
        double[] gradient = new double[2];
        kl.backward(masked, 1, gradient);
        assertThat(kl.forward(masked)).isZero();
        assertThat(gradient).containsOnly(0);
    }

    @Test
    void needsABatch() {
        assertThatThrownBy(() -> new KlToReference().forward(row(0, 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("over(batch)");
    }
}
