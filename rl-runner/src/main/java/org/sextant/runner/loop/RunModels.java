// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.model.CriticSettings.Trunk;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.model.Role;
import org.sextant.api.model.RoleSettings;
import org.sextant.api.model.Scorer;
import org.sextant.api.output.Head;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Decoder;
import org.sextant.models.SequenceModel;
import org.sextant.models.decoding.Decoding;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.text.ModelTokenizer;
import org.sextant.models.text.Tokenizers;

/**
 * The models that a run holds: the policy, and those that the phase asked for. What each phase starts from lies under {@code models/} of the run directory,
 * with the critic that the phase before trained beside it; what the last one leaves is {@code model/}, and the critic that was trained last {@code critic/}.
 */
final class RunModels implements AutoCloseable {
    private final Path run;
    private final boolean changing;
    private final int phases;
    private final ModelShelf shelf;
    private final IntFunction<DecodingSettings> settings;
    private final ModelTokenizer tokenizer;
    private final Supplier<SequenceModel> start;
    private final Streams streams;
    private SequenceModel policy;
    private Decoding decoding;
    private PhaseModels others;
    private Optional<Path> interrupted = Optional.empty();

    /**
     * @param changing whether phases change the policy; if not, it is where it was opened, and is not saved again
     * @param shelf where saved models are opened; owned from now on
     * @param settings how much is decoded at once, for a context
     * @param start opens the policy that the run starts from, when it is needed; owned from then on
     * @param streams for fresh weights
     */
    RunModels(
            Path run,
            boolean changing,
            int phases,
            ModelShelf shelf,
            IntFunction<DecodingSettings> settings,
            ModelTokenizer tokenizer,
            Supplier<SequenceModel> start,
            Streams streams) {
        this.run = run;
        this.changing = changing;
        this.phases = phases;
        this.shelf = shelf;
        this.settings = settings;
        this.tokenizer = tokenizer;
        this.start = start;
        this.streams = streams;
    }

    /** The policy as it is now: what the run starts from, until something else is loaded. */
    SequenceModel policy() {
        if (policy == null) {
            policy(start.get());
        }
        return policy;
    }

    private void policy(SequenceModel model) {
        policy = model;
        decoding = model.decoding(settings.apply(model.context()));
    }

    /** The policy as something to sample from. */
    PolicySnapshot snapshot(long version) {
        return new LivePolicy(version, policy().context(), decoding, tokenizer);
    }

    private record LivePolicy(long version, int context, Decoding decoding, ModelTokenizer tokenizer)
            implements PolicySnapshot {
        @Override
        public Decoder decoder() {
            return decoding.open(tokenizer);
        }
    }

    /** Where the model lies that a phase starts from. */
    Path startOf(int phase) {
        if (phase == phases) {
            return run.resolve("model");
        }
        return run.resolve("models").resolve(phase == 0 ? "start" : "phase-" + (phase - 1));
    }

    boolean changing() {
        return changing;
    }

    /** Saves the policy as the one that a phase starts from. */
    void saveStartOf(int phase) {
        if (changing) {
            saveTo(startOf(phase));
        }
    }

    void saveTo(Path folder) {
        save(policy(), folder);
    }

    /** Replaces the policy by a saved one. The old one goes first: there is no need for memory for both. */
    void loadFrom(Path folder) {
        closePolicy();
        policy(shelf.open(folder, Role.POLICY));
    }

    /** Says that the next phase to begin goes on from a checkpoint. */
    void goOnFrom(Path checkpoint) {
        interrupted = Optional.of(checkpoint);
    }

    /** Opens what a phase needs from its first step on. */
    void beginPhase(int phase, Needs needs, RoleSettings roles) {
        endPhase();
        if (PhaseModels.trunk(needs, roles).filter(Trunk.POLICY::equals).isPresent()
                && !policy().heads().contains(Head.VALUE)) {
            closePolicy();
            policy(shelf.openPolicy(startOf(phase), Set.of(Head.VALUE)));
        }
        others = new PhaseModels(
                shelf,
                needs,
                roles,
                startOf(phase),
                role -> streams.open(new StreamKey("init-" + role.key(), phase, 0, 0)));
        others.begin(interrupted);
        interrupted = Optional.empty();
    }

    /** The critic in training, if it is a model of its own. */
    Optional<SequenceModel> critic() {
        return others.critic();
    }

    /** Moves what follows the policy. */
    void afterStep(int step) {
        others.afterStep(step, policy());
    }

    /** Saves what changes besides the policy into a checkpoint. */
    void saveChanging(Path folder) {
        others.changing().forEach((role, model) -> save(model, folder.resolve(role.key())));
    }

    /** Saves the critic that a phase trained beside the policy that it leaves. */
    void saveCritic(int nextPhase) {
        others.critic().ifPresent(critic -> {
            save(critic, run.resolve(Role.CRITIC.key()));
            if (nextPhase < phases) {
                Path left = startOf(nextPhase);
                save(critic, left.resolveSibling(left.getFileName() + "-" + Role.CRITIC.key()));
            }
        });
    }

    private void save(SequenceModel model, Path folder) {
        model.save(folder);
        tokenizer.save(folder);
    }

    /**
     * Replaces the policy by one that starts from a saved one of the same tokenizer, and that a phase then starts from.
     *
     * @param stream for a fresh adapter
     */
    void startFrom(Path folder, int phase, Stream stream) {
        ModelTokenizer saved = Tokenizers.read(folder);
        if (!saved.equals(tokenizer)) {
            throw new ModelFileException("the model in " + folder + " has the tokenizer " + saved + ", this run "
                    + tokenizer + "; all phases of a run share one tokenizer");
        }
        closePolicy();
        // Nothing is open between phases, so what the old policy shared goes too.
        shelf.close();
        policy(shelf.start(folder, stream));
        policy.requireFits(tokenizer);
        saveStartOf(phase);
    }

    /** The model of a role that the phase needs; a critic may be a head of the policy. */
    Scorer scorer(Role role, Needs needs, RoleSettings roles, Ledger ledger) {
        boolean head = role == Role.CRITIC
                && PhaseModels.trunk(needs, roles).filter(Trunk.POLICY::equals).isPresent();
        return new CountedScorer(head ? policy() : others.get(role), ledger);
    }

    /** Bytes held now, by role. */
    SortedMap<String, Long> bytesByRole() {
        SortedMap<String, Long> bytes = new TreeMap<>(policy().bytesByRole());
        bytes.putAll(others.bytesByRole());
        if (shelf.sharedBytes() > 0) {
            bytes.put("base", shelf.sharedBytes());
        }
        return bytes;
    }

    void endPhase() {
        if (others != null) {
            others.close();
        }
    }

    private void closePolicy() {
        if (policy != null) {
            decoding.close();
            policy.close();
            policy = null;
        }
    }

    @Override
    public void close() {
        endPhase();
        closePolicy();
        shelf.close();
    }
}
