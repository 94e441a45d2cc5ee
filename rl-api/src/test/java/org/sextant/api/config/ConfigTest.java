// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigTest {
    @Test
    void rangesContainTheirBordersUnlessOpen() {
        assertThat(Range.between(0, 1))
                .matches(r -> r.contains(0) && r.contains(1) && !r.contains(1.5) && !r.contains(-0.1));
        assertThat(Range.positive()).matches(r -> !r.contains(0) && r.contains(Double.MIN_VALUE));
        assertThat(Range.atLeast(2)).matches(r -> r.contains(2) && r.contains(1e300) && !r.contains(1.999));
        assertThat(new Range(0, true, 1)).matches(r -> !r.contains(0) && r.contains(1));
        assertThat(Range.halfOpen(0, 1)).matches(r -> r.contains(0) && r.contains(0.999) && !r.contains(1));
    }

    @Test
    void nothingAcceptsWhatIsNoNumber() {
        for (double v : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThat(Range.any().contains(v)).isFalse();
            assertThat(Range.atLeast(0).contains(v)).isFalse();
        }
        assertThat(Range.any().contains(-1e300)).isTrue();
    }

    @Test
    void rangesDescribeThemselves() {
        assertThat(Range.any().describe()).isEqualTo("any number");
        assertThat(Range.atLeast(2).describe()).isEqualTo("at least 2");
        assertThat(Range.positive().describe()).isEqualTo("above 0");
        assertThat(Range.between(0, 0.5).describe()).isEqualTo("0 to 0.5");
        assertThat(new Range(0, true, 1).describe()).isEqualTo("above 0, at most 1");
        assertThat(new Range(Double.NEGATIVE_INFINITY, false, 0).describe()).isEqualTo("at most 0");
        assertThat(Range.halfOpen(0, 1).describe()).isEqualTo("at least 0, below 1");
        assertThat(new Range(1, true, Double.POSITIVE_INFINITY).describe()).isEqualTo("above 1");
    }

    @Test
    void anExceptionTellsAllProblems() {
        ConfigException found = new ConfigException(List.of(
                new Problem("a.conf: 3", "algorithm.beta", "is \"x\", not a number"),
                new Problem("a.conf: 9", "task", "is missing")));
        assertThat(found.getMessage().lines())
                .containsExactly("a.conf: 3: algorithm.beta: is \"x\", not a number", "a.conf: 9: task: is missing");
        assertThat(found.problems()).hasSize(2);
    }

    @Test
    void aProviderWithoutItsResourceNamesIt() {
        Provider<String> provider = new Provider<>() {
            @Override
            public String name() {
                return "nothing-there";
            }

            @Override
            public String summary() {
                return "";
            }

            @Override
            public String create(ConfigReader own) {
                return "";
            }
        };
        assertThatThrownBy(provider::defaults).hasMessageContaining("no resource nothing-there.conf");
    }
}
