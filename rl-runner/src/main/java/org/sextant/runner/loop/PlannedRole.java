// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.CriticSettings.Trunk;
import org.sextant.api.model.ModelSource;
import org.sextant.api.model.Role;
import org.sextant.api.model.RoleSettings;
import org.sextant.api.output.Head;
import org.sextant.api.phase.Phase;
import org.sextant.models.ModelOptions;
import org.sextant.models.ModelShape;
import org.sextant.models.PlannedMemory;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.runner.config.ModelDirectory;

/**
 * A model besides the policy that a phase will hold, known before anything is loaded.
 *
 * @param options what of it is trained, and how it is held
 * @param trained whether it is trained beside the policy
 * @param directory where it comes from, if that is not what the phase starts from
 */
public record PlannedRole(
        Role role, ModelShape shape, ModelOptions options, boolean trained, Optional<Path> directory) {
    /** Whether a phase trains a head on the policy's layers. */
    public static boolean criticIsHead(Phase phase) {
        return trunk(phase).filter(Trunk.POLICY::equals).isPresent();
    }

    /** Whether a phase has models besides the policy that stay as they are. */
    static boolean freezesAny(Phase phase) {
        return phase.needs().roles().stream()
                .anyMatch(role ->
                        !PhaseModels.changing(phase.needs(), phase.roles()).contains(role)
                                && !(role == Role.CRITIC && criticIsHead(phase)));
    }

    private static Optional<Trunk> trunk(Phase phase) {
        return PhaseModels.trunk(phase.needs(), phase.roles());
    }

    /** Bytes that distributions of the reference over the whole vocabulary take in one step at most, if the phase asks for them. */
    public static long distributionBytes(Phase phase, int maxNewTokens, ModelShape policy) {
        return phase.needs().columns().contains(Standard.REF_DISTRIBUTION)
                ? (long) phase.roles().rows()
                        * Math.min(maxNewTokens, policy.context())
                        * policy.vocabulary()
                        * Float.BYTES
                : 0;
    }

    /** @param start what the phase starts from */
    static PlannedRole of(Role role, int number, Phase phase, StartingModel run, ModelShape start, ModelOptions own) {
        Needs needs = phase.needs();
        RoleSettings settings = phase.roles();
        ModelSource source = PhaseModels.source(role, settings);
        boolean changes = PhaseModels.changing(needs, settings).contains(role);
        boolean fresh = source instanceof ModelSource.Fresh;
        Optional<Path> interrupted = changes ? run.interrupted(role, number) : Optional.empty();
        Optional<Path> from = interrupted.or(() -> source.directory().map(ModelDirectory::of));
        ModelShape shape = from.map(run::shape).orElse(start);
        ModelOptions options = fresh
                ? ModelOptions.PLAIN.withRecompute(own.recompute())
                : from.map(path -> options(path, changes && role == Role.CRITIC && interrupted.isEmpty(), run))
                        .orElse(own);
        return new PlannedRole(role, shape, changes ? inFull(options) : options, changes && role == Role.CRITIC, from);
    }

    /** @param adapts whether a whole model gets the adapter of the settings */
    private static ModelOptions options(Path directory, boolean adapts, StartingModel run) {
        ModelOptions options = run.options(directory);
        boolean keeps = AdapterConfigFile.isIn(directory) || adapts && !NetworkFile.isIn(directory);
        return keeps ? options : options.withAdapter(Optional.empty());
    }

    /** What changes is not rounded. */
    private static ModelOptions inFull(ModelOptions options) {
        return options.adapter().isPresent() ? options : options.withFrozenFormat(WeightFormat.FLOAT);
    }

    /** @param tokens in the largest training pass */
    public SortedMap<String, Long> bytes(int tokens, Kernels kernels) {
        SortedMap<String, Long> bytes = bytes(ModelShelf.heads(role), tokens, kernels);
        boolean headOfBase = options.adapter().isPresent()
                && directory.filter(path -> !AdapterConfigFile.isIn(path)).isPresent();
        if (headOfBase) {
            long without = bytes(Set.of(), tokens, kernels).get(role.key());
            bytes.merge("base", bytes.get(role.key()) - without, Long::sum);
        }
        return bytes;
    }

    private SortedMap<String, Long> bytes(Set<Head> heads, int tokens, Kernels kernels) {
        return shape.bytes(options, heads, role, PlannedMemory.SCORED_AT_ONCE, trained ? tokens : 0, kernels);
    }
}
