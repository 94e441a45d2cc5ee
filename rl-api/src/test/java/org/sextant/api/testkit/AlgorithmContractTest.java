// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.api.state.StateMap;
import org.sextant.api.tape.Term;

/** Each clause of the contract catches the mistake that it is there for, and passes without it. */
class AlgorithmContractTest {
    private static final LogProb LOGP = new LogProb();
    private static final Column<double[]> WEIGHT = Column.doubles("sound/weight", Domain.ROW);

    /** An algorithm without mistakes; each test overrides one thing. */
    private static class Sound implements Algorithm {
        long calls;

        @Override
        public Needs needs() {
            return Needs.rollouts(new RolloutPlan(4, false), Set.of(LOGP));
        }

        @Override
        public Columns credit(Experience batch, Metrics metrics) {
            double[] reward = batch.get(Standard.REWARD);
            double[] weight = new double[reward.length];
            for (int row = 0; row < weight.length; row++) {
                weight[row] = batch.get(Standard.VALID)[row] ? reward[row] - 0.5 : 0;
            }
            return Columns.of(WEIGHT, weight);
        }

        @Override
        public Objective objective(LossScope batch) {
            Metrics metrics = new Metrics();
            metrics.mean("weight", batch.rows().get(WEIGHT), null);
            return new Objective(List.of(part(batch)), metrics);
        }

        Part part(LossScope batch) {
            return new Part("policy", term(batch), Mask.column(Standard.VALID), Reduce.rowMean(), 1);
        }

        Term term(LossScope batch) {
            return batch.output(LOGP)
                    .exp()
                    .rowSum(batch.rows().get(Standard.RESPONSE_MASK))
                    .times(batch.column(WEIGHT));
        }

        @Override
        public List<MetricDefinition> metrics() {
            return List.of(new MetricDefinition("weight", "mean weight", "1", Reduction.MEAN, Domain.ROW));
        }
    }

    private static void caught(Consumer<AlgorithmContract> clause, Supplier<Algorithm> broken) {
        assertThatCode(() -> clause.accept(contract(Sound::new))).doesNotThrowAnyException();
        assertThatThrownBy(() -> clause.accept(contract(broken))).isNotInstanceOf(NullPointerException.class);
    }

    private static AlgorithmContract contract(Supplier<Algorithm> algorithms) {
        return new AlgorithmContract() {
            @Override
            protected Algorithm algorithm() {
                return algorithms.get();
            }
        };
    }

    @Test
    @DisplayName("a loss that changes from call to call")
    void deterministic() {
        caught(AlgorithmContract::deterministic, () -> new Sound() {
            @Override
            Term term(LossScope batch) {
                return super.term(batch).times(++calls);
            }
        });
    }

    @Test
    @DisplayName("a logarithm of nothing")
    void finite() {
        caught(AlgorithmContract::finite, () -> new Sound() {
            @Override
            Term term(LossScope batch) {
                return super.term(batch).times(0).log();
            }
        });
    }

    @Test
    @DisplayName("state that is not saved")
    void savedStateRestores() {
        caught(AlgorithmContract::savedStateRestores, () -> new Sound() {
            @Override
            public Columns credit(Experience batch, Metrics metrics) {
                metrics.value("weight", ++calls);
                return super.credit(batch, metrics);
            }
        });
    }

    @Test
    @DisplayName("saved state that is not read")
    void savedStateIsReadWhole() {
        caught(AlgorithmContract::savedStateRestores, () -> new Sound() {
            @Override
            public void save(StateMap out) {
                out.put("calls", calls);
            }
        });
    }

    @Test
    @DisplayName("an objective that counts its calls in the state")
    void objectiveChangesNothing() {
        caught(AlgorithmContract::objectiveChangesNothing, () -> new Sound() {
            @Override
            Part part(LossScope batch) {
                calls++;
                return super.part(batch);
            }

            @Override
            public void save(StateMap out) {
                out.put("calls", calls);
            }
        });
    }

    @Test
    @DisplayName("rewards that are centred in place")
    void mutatesNothing() {
        caught(AlgorithmContract::mutatesNothing, () -> new Sound() {
            @Override
            public Columns credit(Experience batch, Metrics metrics) {
                batch.get(Standard.REWARD)[0] -= 0.5;
                return super.credit(batch, metrics);
            }
        });
    }

    @Test
    @DisplayName("a sum over the prompt too")
    void masksAreRespected() {
        caught(AlgorithmContract::masksAreRespected, () -> new Sound() {
            @Override
            Term term(LossScope batch) {
                boolean[] everything = new boolean[batch.rows().layout().tokens()];
                Arrays.fill(everything, true);
                return batch.output(LOGP).rowSum(everything).times(batch.column(WEIGHT));
            }
        });
    }

    @Test
    @DisplayName("a penalty on rows without a verdict")
    void invalidRowsHaveNoGradient() {
        caught(AlgorithmContract::invalidRowsHaveNoGradient, () -> new Sound() {
            @Override
            Part part(LossScope batch) {
                return new Part("policy", batch.output(LOGP).square(), Mask.response(), Reduce.tokenMean(), 1);
            }
        });
    }

    @Test
    @DisplayName("a denominator of the slice instead of the batch")
    void microBatchesAddUp() {
        caught(AlgorithmContract::microBatchesAddUp, () -> new Sound() {
            @Override
            Part part(LossScope batch) {
                double rows = batch.rows().rows();
                return new Part("policy", term(batch), Mask.column(Standard.VALID), Reduce.sum(), 1 / rows);
            }
        });
    }

    @Test
    @DisplayName("a metric that is the mean of means")
    void metricsOfMicroBatchesMerge() {
        caught(AlgorithmContract::microBatchesAddUp, () -> new Sound() {
            @Override
            public Objective objective(LossScope batch) {
                Metrics metrics = new Metrics();
                metrics.value("weight", batch.rows().rows());
                return new Objective(List.of(part(batch)), metrics);
            }
        });
    }

    @Test
    @DisplayName("weights by position in the batch")
    void rowOrderDoesNotMatter() {
        caught(AlgorithmContract::rowOrderDoesNotMatter, () -> new Sound() {
            @Override
            public Columns credit(Experience batch, Metrics metrics) {
                double[] weight = super.credit(batch, metrics).get(WEIGHT);
                for (int row = 0; row < weight.length; row++) {
                    weight[row] *= row;
                }
                return Columns.of(WEIGHT, weight);
            }
        });
    }

    @Test
    @DisplayName("a derivative that is wrong by a factor")
    void gradientsMatchFiniteDifferences() {
        caught(AlgorithmContract::gradientsMatchFiniteDifferences, () -> new Sound() {
            @Override
            Term term(LossScope batch) {
                Term right = super.term(batch);
                return batch.tape()
                        .custom(Domain.ROW, List.of(right), in -> in[0].clone(), (in, y, upstream, gradients) -> {
                            for (int i = 0; i < y.length; i++) {
                                gradients[0][i] += 1.01 * upstream[i];
                            }
                        });
            }
        });
    }

    @Test
    @DisplayName("a column that is used if it happens to be there")
    void needsAreComplete() {
        caught(AlgorithmContract::needsAreComplete, () -> new Sound() {
            @Override
            Term term(LossScope batch) {
                Term term = super.term(batch);
                return batch.rows().has(Standard.REF_LOGP) ? term.times(2) : term;
            }
        });
        caught(AlgorithmContract::needsAreComplete, () -> new Sound() {
            @Override
            Term term(LossScope batch) {
                return super.term(batch).plus(batch.column(Standard.REF_LOGP).sum());
            }
        });
    }

    @Test
    @DisplayName("a choice of rows by what is only known later")
    void curateSeesWhatWasCollected() {
        caught(AlgorithmContract::needsAreComplete, () -> new Sound() {
            @Override
            public Needs needs() {
                return super.needs().with(Role.REFERENCE, Standard.REF_LOGP);
            }

            @Override
            public Rows curate(Experience raw) {
                return raw.has(Standard.REF_LOGP) ? Rows.all(raw.rows()) : Rows.of(0, 1);
            }
        });
    }

    @Test
    @DisplayName("a metric that nobody defined")
    void metricsAreDefined() {
        caught(AlgorithmContract::metricsAreDefined, () -> new Sound() {
            @Override
            public List<MetricDefinition> metrics() {
                return List.of();
            }
        });
    }

    @Test
    @DisplayName("a metric that is merged otherwise than it says")
    void metricsAreMergedAsDefined() {
        caught(AlgorithmContract::metricsAreDefined, () -> new Sound() {
            @Override
            public List<MetricDefinition> metrics() {
                return List.of(new MetricDefinition("weight", "mean weight", "1", Reduction.SUM, Domain.ROW));
            }
        });
    }

    @Test
    @DisplayName("the batches have the rows that algorithms stumble over")
    void batchesAreAwkward() {
        Experience batch = Batches.matching(new Sound().needs(), 7);
        boolean[] response = batch.get(Standard.RESPONSE_MASK);
        int empty = 0;
        for (int row = 0; row < batch.rows(); row++) {
            int n = 0;
            for (int t = batch.layout().start(row); t < batch.layout().end(row); t++) {
                n += response[t] ? 1 : 0;
            }
            empty += n == 0 ? 1 : 0;
        }
        assertThat(empty).isPositive();
        assertThat(batch.get(Standard.VALID)).contains(false);
        assertThat(batch.get(Standard.TURN)).contains(1);
    }
}
