// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.model.Role;
import org.sextant.api.model.Scorer;
import org.sextant.api.random.Stream;
import org.sextant.api.rollout.Decoder;
import org.sextant.models.SequenceModel;
import org.sextant.models.decoding.Decoding;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.text.ModelTokenizer;
import org.sextant.models.text.Tokenizers;

/**
 * The models that a run holds: the policy, and for the phase that asked for them frozen models of what the phase started from. What each phase starts
 * from lies under {@code models/} of the run directory; what the last one leaves is {@code model/}.
 */
final class RunModels implements AutoCloseable {
    private final Path run;
    private final boolean changing;
    private final int phases;
    private final ModelShelf shelf;
    private final IntFunction<DecodingSettings> settings;
    private final ModelTokenizer tokenizer;
    private final Supplier<SequenceModel> start;
    private SequenceModel policy;
    private Decoding decoding;
    private final Map<Role, SequenceModel> frozen = new EnumMap<>(Role.class);

    /**
     * @param changing whether phases change the policy; if not, it is where it was opened, and is not saved again
     * @param shelf where saved models are opened; owned from now on
     * @param settings how much is decoded at once, for a context
     * @param start opens the policy that the run starts from, when it is needed; owned from then on
     */
    RunModels(
            Path run,
            boolean changing,
            int phases,
            ModelShelf shelf,
            IntFunction<DecodingSettings> settings,
            ModelTokenizer tokenizer,
            Supplier<SequenceModel> start) {
        this.run = run;
        this.changing = changing;
        this.phases = phases;
        this.shelf = shelf;
        this.settings = settings;
        this.tokenizer = tokenizer;
        this.start = start;
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
        policy().save(folder);
        tokenizer.save(folder);
    }

    /** Replaces the policy by a saved one. The old one goes first: there is no need for memory for both. */
    void loadFrom(Path folder) {
        closePolicy();
        policy(shelf.open(folder, Role.POLICY));
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

    /** The frozen model of a role: what the phase started from, with the head of the role. */
    Scorer scorer(Role role, int phase, Ledger ledger) {
        if (role == Role.POLICY || role == Role.TEACHER) {
            throw new IllegalArgumentException(
                    "what a phase starts from is no '" + role.key() + "' for it; it can be: reference, critic, reward");
        }
        return new CountedScorer(frozen.computeIfAbsent(role, wanted -> shelf.open(startOf(phase), wanted)), ledger);
    }

    /** Bytes held now, by role. */
    SortedMap<String, Long> bytesByRole() {
        SortedMap<String, Long> bytes = new TreeMap<>(policy().bytesByRole());
        frozen.values().forEach(model -> bytes.putAll(model.bytesByRole()));
        if (shelf.sharedBytes() > 0) {
            bytes.put("base", shelf.sharedBytes());
        }
        return bytes;
    }

    void endPhase() {
        frozen.values().forEach(SequenceModel::close);
        frozen.clear();
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
