// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.sextant.api.environment.Task;
import org.sextant.api.events.LoopListener;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Collector;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.api.state.Stateful;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.text.ModelTokenizer;
import org.sextant.runner.checkpoint.Checkpoints;
import org.sextant.runner.config.RunConfig;
import org.sextant.runner.evaluation.AnswerRecord;
import org.sextant.runner.evaluation.Evaluator;
import org.sextant.runner.rollout.EnvironmentCollector;
import org.sextant.runner.rollout.EnvironmentCollector.Purpose;
import org.sextant.runner.rollout.RolloutFiles;
import org.sextant.runner.wiring.Experiment;

/** The loop of one run, over the parts that {@code runner.wiring.RunModule} binds. */
public final class LoopModule extends AbstractModule {
    private final Outside outside;

    /**
     * What the run is given from outside.
     *
     * @param directory of the run
     * @param files growing files, which a resume cuts back
     * @param answers receives every evaluated answer
     * @param events told what happens
     * @param stop asked between steps
     */
    public record Outside(
            Path directory, RunFiles files, Consumer<AnswerRecord> answers, LoopListener events, StopRequest stop) {}

    public LoopModule(Outside outside) {
        this.outside = outside;
    }

    @Provides
    @Singleton
    EvaluationLog evaluations() {
        return new EvaluationLog();
    }

    @Provides
    @Singleton
    StartingModel start(Experiment experiment) {
        return StartingModel.of(experiment, outside.directory());
    }

    @Provides
    @Singleton
    ModelTokenizer tokenizer(StartingModel start) {
        return start.tokenizer();
    }

    @Provides
    @Singleton
    RunModels models(
            Experiment experiment, StartingModel start, Kernels kernels, ModelTokenizer tokenizer, Streams streams) {
        ModelShelf shelf = start.shelf(kernels);
        return new RunModels(
                outside.directory(),
                !experiment.measuresOnly(),
                experiment.phases().size(),
                shelf,
                experiment.config()::decoding,
                tokenizer,
                () -> start.open(tokenizer, shelf, kernels, streams),
                streams);
    }

    @Provides
    @Singleton
    Evaluator evaluator(Experiment experiment, ModelTokenizer tokenizer, Streams streams, Ledger ledger) {
        Sampling sampled =
                Sampling.atTemperature(experiment.config().evaluation().temperature());
        return new Evaluator(
                experiment.config().evaluation(),
                experiment.task(),
                tokenizer,
                streams,
                collector(experiment, sampled, tokenizer, ledger, Purpose.EVALUATION),
                collector(experiment, sampled.asGreedy(), tokenizer, ledger, Purpose.EVALUATION));
    }

    @Provides
    @Singleton
    RunContext.Shared shared(
            Experiment experiment,
            Kernels kernels,
            ModelTokenizer tokenizer,
            Evaluator evaluator,
            EvaluationLog evaluations,
            Streams streams,
            Ledger ledger) {
        Sampling sampling = experiment.config().sampling();
        return new RunContext.Shared(
                kernels,
                tokenizer,
                experiment.task(),
                experiment.environment(),
                recorded(experiment, collector(experiment, sampling, tokenizer, ledger, Purpose.TRAINING)),
                sampling.temperature(),
                evaluator,
                evaluations,
                outside.answers(),
                streams,
                ledger,
                outside.events());
    }

    private Collector recorded(Experiment experiment, Collector collector) {
        return experiment.config().saveRollouts()
                ? new RolloutFiles(collector, outside.directory().resolve("rollouts"))
                : collector;
    }

    private static EnvironmentCollector collector(
            Experiment experiment, Sampling sampling, ModelTokenizer tokenizer, Ledger ledger, Purpose purpose) {
        RunConfig config = experiment.config();
        Stop stop = new Stop(config.maxNewTokens(), tokenizer.eosIds(), config.stopStrings());
        return new EnvironmentCollector(experiment.environment(), tokenizer, sampling, stop, ledger, purpose);
    }

    @Provides
    @Singleton
    WallClock clock(Ledger ledger) {
        return new WallClock(ledger);
    }

    @Provides
    @Singleton
    RunState state(Experiment experiment, Ledger ledger, EvaluationLog evaluations, WallClock clock) {
        Task task = experiment.task();
        Map<String, Stateful> parts = new LinkedHashMap<>();
        parts.put("ledger", ledger);
        parts.put("evaluations", evaluations);
        parts.put("task", task);
        Checkpoints checkpoints = new Checkpoints(
                outside.directory().resolve("checkpoints"), experiment.config().checkpointKeep());
        return new RunState(checkpoints, outside.files(), clock, parts);
    }

    @Provides
    @Singleton
    TrainingRun run(
            Experiment experiment, RunContext.Shared shared, RunModels models, RunState state, WallClock clock) {
        RunConfig config = experiment.config();
        return new TrainingRun(
                experiment.phases(),
                experiment.starts(),
                shared,
                models,
                RunMetrics.of(experiment),
                state,
                new TrainingRun.Cadence(
                        config.checkpointEvery(), config.evaluation().every()),
                outside.stop(),
                steps -> {
                    clock.mark();
                    return Summary.of(config.name(), config.seed(), steps, shared.evaluations(), shared.ledger());
                });
    }
}
