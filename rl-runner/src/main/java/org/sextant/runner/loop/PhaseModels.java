// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.model.CriticSettings;
import org.sextant.api.model.CriticSettings.Trunk;
import org.sextant.api.model.ModelSource;
import org.sextant.api.model.Role;
import org.sextant.api.model.RoleSettings;
import org.sextant.api.random.Stream;
import org.sextant.models.ModelOptions;
import org.sextant.models.SequenceModel;
import org.sextant.runner.config.ModelDirectory;

/**
 * The models besides the policy that one phase needs. Those that change, a critic with a trunk of its own and a reference that moves, are opened when the
 * phase begins, from the checkpoint that it goes on from if there is one; frozen ones when they are first asked for.
 */
final class PhaseModels implements AutoCloseable {
    private final ModelShelf shelf;
    private final Needs needs;
    private final RoleSettings settings;
    private final Path start;
    private final Function<Role, Stream> fresh;
    private final Map<Role, SequenceModel> open = new EnumMap<>(Role.class);

    /**
     * @param start saved model that the phase started from
     * @param fresh what the fresh weights of a role are drawn from
     */
    PhaseModels(ModelShelf shelf, Needs needs, RoleSettings settings, Path start, Function<Role, Stream> fresh) {
        this.shelf = shelf;
        this.needs = needs;
        this.settings = settings;
        this.start = start;
        this.fresh = fresh;
    }

    /**
     * Opens what changes.
     *
     * @param checkpoint of this very phase
     */
    void begin(Optional<Path> checkpoint) {
        for (Role role : changing(needs, settings)) {
            Optional<Path> saved = checkpoint.map(folder -> folder.resolve(role.key()));
            open.put(
                    role,
                    saved.filter(Files::exists)
                            .map(folder -> shelf.openChanging(folder, role, options(role)))
                            .orElseGet(() -> openAtStart(role)));
        }
    }

    /** Roles whose models change in a phase, the policy aside. */
    static Set<Role> changing(Needs needs, RoleSettings settings) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        if (trunk(needs, settings).filter(Trunk.OWN::equals).isPresent()) {
            roles.add(Role.CRITIC);
        }
        if (needs.roles().contains(Role.REFERENCE) && settings.reference().moves()) {
            roles.add(Role.REFERENCE);
        }
        return roles;
    }

    /** The trunk of the critic in training, if there is one. */
    static Optional<Trunk> trunk(Needs needs, RoleSettings settings) {
        return settings.critic().filter(critic -> needs.trains(Role.CRITIC)).map(CriticSettings::trunk);
    }

    /** Where the model of a role comes from. */
    static ModelSource source(Role role, RoleSettings settings) {
        return switch (role) {
            case CRITIC -> settings.critic().map(CriticSettings::from).orElse(new ModelSource.Start());
            case REFERENCE -> settings.reference().from();
            default -> new ModelSource.Start();
        };
    }

    private SequenceModel openAtStart(Role role) {
        return switch (source(role, settings)) {
            case ModelSource.Start() -> shelf.startChanging(start, role, fresh.apply(role));
            case ModelSource.Saved(Path saved) ->
                shelf.startChanging(ModelDirectory.of(saved), role, fresh.apply(role));
            case ModelSource.Fresh() -> shelf.fresh(start, role, fresh.apply(role));
        };
    }

    /** A fresh model has nothing that was worth freezing. */
    private ModelOptions options(Role role) {
        return source(role, settings) instanceof ModelSource.Fresh ? shelf.wholeOptions() : shelf.options();
    }

    /** The model of a role, which the needs name. */
    SequenceModel get(Role role) {
        return open.computeIfAbsent(role, wanted -> switch (source(wanted, settings)) {
            case ModelSource.Start() -> shelf.open(start, wanted);
            case ModelSource.Saved(Path saved) -> shelf.open(ModelDirectory.of(saved), wanted);
            case ModelSource.Fresh() -> shelf.fresh(start, wanted, fresh.apply(wanted));
        });
    }

    /** The critic in training, if it is a model of its own. */
    Optional<SequenceModel> critic() {
        return changing(needs, settings).contains(Role.CRITIC) ? Optional.of(get(Role.CRITIC)) : Optional.empty();
    }

    /** Moves the reference, if it does after this step of the phase. */
    void afterStep(int step, SequenceModel policy) {
        if (changing(needs, settings).contains(Role.REFERENCE)
                && settings.reference().movesAfter(step)) {
            get(Role.REFERENCE).moveTowards(policy, settings.reference().updateRate());
        }
    }

    /** The models that change, by role. */
    Map<Role, SequenceModel> changing() {
        Map<Role, SequenceModel> changing = new EnumMap<>(Role.class);
        changing(needs, settings).forEach(role -> changing.put(role, get(role)));
        return changing;
    }

    SortedMap<String, Long> bytesByRole() {
        SortedMap<String, Long> bytes = new TreeMap<>();
        open.values().forEach(model -> bytes.putAll(model.bytesByRole()));
        return bytes;
    }

    @Override
    public void close() {
        open.values().forEach(SequenceModel::close);
        open.clear();
    }
}
