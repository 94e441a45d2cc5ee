// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private static final Streams SEEDED = new Streams(17);

    /**
     * The published sequence of SplitMix64 from state 1234567 (rosettacode.org, "Pseudo-random numbers/Splitmix64").
     */
    @Test
    void isSplitMix64() {
        Stream stream = new Stream(1234567);
        long[] expected = {
            6457827717110365317L,
            3203168211198807973L,
            Long.parseUnsignedLong("9817491932198370423"),
            4593380528125082431L,
            Long.parseUnsignedLong("16408922859458223821")
        };
        for (long number : expected) {
            assertThat(stream.nextLong()).isEqualTo(number);
        }
    }

    @Test
    void equalKeysGiveEqualNumbersWhateverRanBefore() {
        StreamKey key = new StreamKey("sample", 3, 14, 15);
        double[] alone = SEEDED.open(key).doubles(20).toArray();
        for (int i = 0; i < 100; i++) {
            SEEDED.open(new StreamKey("sample", i, 0, 0)).nextLong();
        }
        assertThat(new Streams(17)
                        .open(new StreamKey("sample", 3, 14, 15))
                        .doubles(20)
                        .toArray())
                .isEqualTo(alone);
    }

    @Test
    void keysThatDifferInAnythingGiveOtherNumbers() {
        Set<Long> first = new HashSet<>();
        int keys = 0;
        for (String purpose : new String[] {"sample", "shuffle", "a", "ab", ""}) {
            for (long step = 0; step < 10; step++) {
                for (long item = -1; item < 9; item++) {
                    for (long sample = 0; sample < 10; sample++) {
                        first.add(SEEDED.open(new StreamKey(purpose, step, item, sample))
                                .nextLong());
                        keys++;
                    }
                }
            }
        }
        first.add(new Streams(18).open(new StreamKey("sample", 0, 0, 0)).nextLong());
        assertThat(first).hasSize(keys + 1);
    }

    /** Ten cells, 100,000 draws: χ² with 9 degrees of freedom is above 27.9 once in a thousand times. */
    @Test
    void boundedDrawsAreUniform() {
        Stream stream = SEEDED.open(StreamKey.of("uniform"));
        int[] count = new int[10];
        for (int i = 0; i < 100_000; i++) {
            count[stream.nextInt(10)]++;
        }
        double chiSquare = Arrays.stream(count)
                .mapToDouble(n -> (n - 10_000.0) * (n - 10_000) / 10_000)
                .sum();
        assertThat(chiSquare).isLessThan(27.9);
    }

    @Test
    void neighbouringKeysAreNotCorrelated() {
        double[] x = IntStream.range(0, 10_000)
                .mapToDouble(i -> SEEDED.open(new StreamKey("sample", 0, i, 0)).nextDouble() - 0.5)
                .toArray();
        double correlation = 0;
        for (int i = 1; i < x.length; i++) {
            correlation += 12 * x[i] * x[i - 1] / (x.length - 1);
        }
        assertThat(Arrays.stream(x).average().orElseThrow()).isCloseTo(0, within(0.01));
        assertThat(correlation).isCloseTo(0, within(0.03));
    }

    @Test
    void boundsAreKept() {
        Stream stream = SEEDED.open(StreamKey.of("bounds"));
        for (int i = 0; i < 10_000; i++) {
            assertThat(stream.nextInt(1)).isZero();
            assertThat(stream.nextInt(-3, 4)).isBetween(-3, 3);
            assertThat(stream.nextInt(Integer.MIN_VALUE, Integer.MAX_VALUE)).isLessThan(Integer.MAX_VALUE);
            assertThat(stream.nextDouble()).isGreaterThanOrEqualTo(0).isLessThan(1);
        }
        assertThatThrownBy(() -> stream.nextInt(0)).hasMessageContaining("bound of 0");
        assertThatThrownBy(() -> stream.nextInt(4, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Mean 0, variance 1, kurtosis 3, 4.55 % beyond two standard deviations; each within four standard errors. */
    @Test
    void normalDrawsHaveNormalMoments() {
        Stream stream = SEEDED.open(StreamKey.of("normal"));
        int n = 100_000;
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        int far = 0;
        for (int i = 0; i < n; i++) {
            double x = stream.nextGaussian();
            sum += x;
            squares += x * x;
            fourth += x * x * x * x;
            far += Math.abs(x) > 2 ? 1 : 0;
        }
        assertThat(sum / n).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(squares / n).isCloseTo(1, within(4 * Math.sqrt(2.0 / n)));
        assertThat(fourth / n).isCloseTo(3, within(4 * Math.sqrt(96.0 / n)));
        assertThat((double) far / n).isCloseTo(0.0455, within(4 * Math.sqrt(0.0455 * 0.9545 / n)));
    }

    /**
     * Each of the six orders of three things about 1,000 times in 6,000: χ² with 5 degrees, 20.5 at one in a thousand.
     */
    @Test
    void everyOrderIsEquallyLikely() {
        Stream stream = SEEDED.open(StreamKey.of("order"));
        int[] count = new int[27];
        for (int i = 0; i < 6_000; i++) {
            int[] order = stream.permutation(3);
            count[9 * order[0] + 3 * order[1] + order[2]]++;
        }
        int[] seen = Arrays.stream(count).filter(n -> n > 0).toArray();
        assertThat(seen).hasSize(6);
        assertThat(Arrays.stream(seen)
                        .mapToDouble(n -> (n - 1_000.0) * (n - 1_000) / 1_000)
                        .sum())
                .isLessThan(20.5);
        assertThat(stream.permutation(0)).isEmpty();
        assertThat(Arrays.stream(stream.permutation(50)).sorted().toArray())
                .isEqualTo(IntStream.range(0, 50).toArray());
    }
}
