// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.state.StateMap;

/** PPO that learns from the rows of a step from the last to the first. */
public final class ReversedPpo implements AlgorithmProvider {
    private static AlgorithmProvider ppo() {
        return ServiceLoader.load(AlgorithmProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("ppo"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String name() {
        return "reversed-ppo";
    }

    @Override
    public String summary() {
        return "ppo on rows in reverse order";
    }

    @Override
    public String defaults() {
        return ppo().defaults();
    }

    @Override
    public Algorithm create(ConfigReader own) {
        return new Reversed(ppo().create(own));
    }

    private record Reversed(Algorithm inner) implements Algorithm {
        @Override
        public Needs needs() {
            return inner.needs();
        }

        @Override
        public Rows curate(Experience raw) {
            int[] rows = inner.curate(raw).toArray();
            return Rows.of(IntStream.range(0, rows.length)
                    .map(i -> rows[rows.length - 1 - i])
                    .toArray());
        }

        @Override
        public Columns credit(Experience experience, Metrics metrics) {
            return inner.credit(experience, metrics);
        }

        @Override
        public Objective objective(LossScope batch) {
            return inner.objective(batch);
        }

        @Override
        public List<MetricDefinition> metrics() {
            return inner.metrics();
        }

        @Override
        public void save(StateMap out) {
            inner.save(out);
        }

        @Override
        public void load(StateMap in) {
            inner.load(in);
        }
    }
}
