// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.rollout.Sampling;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.KernelsChoice;

/**
 * The settings of a run that are the runner's own. Its plugins (task, reward, environment, phases and what they name) read theirs themselves.
 *
 * @param name names the directory of its runs
 * @param seed of every random stream
 * @param runDirectory directory of this one run; empty for {@code runs/<name>/<next n>}
 * @param kernels which arithmetic
 * @param device where the kernels compute
 * @param threads threads of the kernels; 0 for all cores
 * @param model the policy to start from
 * @param sampling how training answers are sampled
 * @param maxNewTokens longest answer of one turn, in tokens
 * @param stopStrings texts that end an answer
 * @param evaluation when and how the policy is measured
 * @param checkpointEvery steps between checkpoints; 0 for one at the end of each phase only
 * @param checkpointKeep newest checkpoints to keep, at least 1
 * @param samplesEvery steps between answers shown in the log; 0 for none
 * @param saveRollouts whether training answers are written to {@code rollouts/}
 * @param decoderRows most answers that are generated at once
 * @param cacheTokens most positions that the key/value cache grows to
 */
public record RunConfig(
        String name,
        long seed,
        Optional<Path> runDirectory,
        KernelsChoice kernels,
        Device device,
        int threads,
        ModelConfig model,
        Sampling sampling,
        int maxNewTokens,
        List<String> stopStrings,
        EvaluationConfig evaluation,
        int checkpointEvery,
        int checkpointKeep,
        int samplesEvery,
        boolean saveRollouts,
        int decoderRows,
        int cacheTokens) {
    /**
     * Reads the runner's own keys.
     *
     * @param fallbackName what the run is called if the configuration does not say
     */
    public static RunConfig read(HoconReader root, String fallbackName) {
        return new RunConfig(
                name(root, fallbackName),
                root.longInteger("seed", Range.any()),
                root.object("run").optionalString("dir").map(Path::of),
                KernelsChoice.of(root.oneOf("kernels", KernelsChoice.names())),
                root.oneOf("device", Device.class),
                root.integer("threads", Range.atLeast(0)),
                ModelConfig.read(root.object("model")),
                Sampling.read(root.object("sampling")),
                root.object("sampling").integer("max-new-tokens", Range.atLeast(1)),
                root.object("sampling").strings("stop-strings"),
                EvaluationConfig.read(root.object("evaluation")),
                root.object("checkpoint").integer("every", Range.atLeast(0)),
                root.object("checkpoint").integer("keep", Range.atLeast(1)),
                root.object("log").integer("samples-every", Range.atLeast(0)),
                root.object("rollouts").bool("save"),
                root.object("decoder").integer("rows", Range.between(1, DecodingSettings.MOST_ROWS)),
                root.object("decoder").integer("cache-tokens", Range.atLeast(1)));
    }

    /** How much is decoded at once by a model of this context. */
    public DecodingSettings decoding(int context) {
        return DecodingSettings.of(decoderRows, cacheTokens, context);
    }

    private static String name(ConfigReader root, String fallback) {
        String name = root.optionalString("name").orElse(fallback);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            root.problem(
                    "name",
                    "found \"" + name
                            + "\"; it names a directory: letters, digits, '.', '_' and '-', a letter or digit first");
        }
        return name;
    }
}
