// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.EnvironmentProvider;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.environment.TaskProvider;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.phase.Assembly;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseContext;
import org.sextant.api.phase.PhaseProvider;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.RewardFunction;
import org.sextant.api.reward.RewardProvider;

/** Small parts of every kind, so that reading a configuration is tested without the real ones. */
public final class Fakes {
    private Fakes() {}

    /** A catalog of one part of each kind: task {@code counting}, reward {@code constant}, environment {@code single-turn} and so on. */
    public static Catalogs catalogs() {
        return new Catalogs(
                new Catalog<>("algorithm", Map.of("rule", CountedAlgorithm::new, "other", () -> {
                    throw new AssertionError("nobody asked for this algorithm");
                })),
                new Catalog<>("reward", Map.of("constant", ConstantReward::new)),
                new Catalog<>("task", Map.of("counting", CountingTask::new)),
                new Catalog<>("environment", Map.of("single-turn", AskOnce::new)),
                new Catalog<>("phase", Map.of("learn", LearnPhase::new, "rest", RestPhase::new)),
                new Catalog<>("network", Map.of()));
    }

    /** Reads a configuration that names these parts. */
    public static Experiment read(org.sextant.runner.config.Layers layers) {
        return new ExperimentReader(catalogs()).read(layers);
    }

    /** An algorithm that needs a group size and learns nothing. */
    record Rule(int groupSize) implements Algorithm {
        @Override
        public Needs needs() {
            return Needs.rollouts(new RolloutPlan(groupSize, false), Set.of(new LogProb()));
        }

        @Override
        public Columns credit(Experience experience, Metrics metrics) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Objective objective(LossScope batch) {
            throw new UnsupportedOperationException();
        }
    }

    static final class CountedAlgorithm implements AlgorithmProvider {
        @Override
        public String name() {
            return "rule";
        }

        @Override
        public String summary() {
            return "a rule";
        }

        @Override
        public String defaults() {
            return "group-size = 8\n";
        }

        @Override
        public Algorithm create(ConfigReader own) {
            int groupSize = own.integer("group-size", Range.atLeast(1));
            if (groupSize == 13) {
                throw new IllegalArgumentException("13 is unlucky");
            }
            return new Rule(groupSize);
        }
    }

    static final class ConstantReward implements RewardProvider {
        @Override
        public String name() {
            return "constant";
        }

        @Override
        public String summary() {
            return "always the same";
        }

        @Override
        public String defaults() {
            return "value = 1.0";
        }

        @Override
        public RewardFunction create(ConfigReader own) {
            double value = own.decimal("value", Range.any());
            return (item, answer, finish) -> Outcome.Scored.of("constant", value, answer);
        }
    }

    static final class CountingTask implements TaskProvider {
        @Override
        public String name() {
            return "counting";
        }

        @Override
        public String summary() {
            return "counts";
        }

        @Override
        public String defaults() {
            return "upto = 10";
        }

        @Override
        public Task create(ConfigReader own) {
            int upto = own.integer("upto", Range.between(1, 100));
            return new Task() {
                @Override
                public String name() {
                    return "counting";
                }

                @Override
                public long size(Split split) {
                    return upto;
                }

                @Override
                public Item item(Split split, long index) {
                    return new Item(
                            split + "-" + index, index + "?", (index + 1) + "", Optional.empty(), "easy", Map.of());
                }
            };
        }
    }

    static final class AskOnce implements EnvironmentProvider {
        @Override
        public String name() {
            return "single-turn";
        }

        @Override
        public String summary() {
            return "asks once";
        }

        @Override
        public String defaults() {
            return "";
        }

        @Override
        public Environment create(ConfigReader own, RewardFunction reward) {
            return item -> {
                throw new UnsupportedOperationException();
            };
        }
    }

    /** A phase of steps with an algorithm. */
    record Learn(int steps, Algorithm algorithm) implements Phase {
        @Override
        public String kind() {
            return "learn";
        }

        @Override
        public Needs needs() {
            return algorithm.needs();
        }

        @Override
        public void begin(PhaseContext context) {}

        @Override
        public Metrics step(int step) {
            return new Metrics();
        }
    }

    abstract static class AnyPhase implements PhaseProvider {
        private final String kind;
        private final BiFunction<ConfigReader, Assembly, Phase> create;

        AnyPhase(String kind, BiFunction<ConfigReader, Assembly, Phase> create) {
            this.kind = kind;
            this.create = create;
        }

        @Override
        public String name() {
            return kind;
        }

        @Override
        public String summary() {
            return kind;
        }

        @Override
        public String defaults() {
            return "steps = 3";
        }

        @Override
        public Phase create(ConfigReader own, Assembly assembly) {
            return create.apply(own, assembly);
        }
    }

    static final class LearnPhase extends AnyPhase {
        LearnPhase() {
            super(
                    "learn",
                    (own, assembly) -> new Learn(
                            own.integer("steps", Range.atLeast(0)), assembly.algorithm(own.object("algorithm"))));
        }
    }

    static final class RestPhase extends AnyPhase {
        RestPhase() {
            super("rest", (own, assembly) -> new Learn(own.integer("steps", Range.atLeast(0)), new Rule(1)));
        }
    }

    static List<String> lines(Throwable thrown) {
        return thrown.getMessage().lines().toList();
    }
}
