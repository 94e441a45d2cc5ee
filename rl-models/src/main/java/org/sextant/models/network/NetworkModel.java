// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.network;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.ModelView;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.output.Head;
import org.sextant.api.output.Output;
import org.sextant.models.Capabilities;
import org.sextant.models.ForwardPass;
import org.sextant.models.NonFiniteException;
import org.sextant.models.PlannedMemory;
import org.sextant.models.SequenceModel;
import org.sextant.models.Sequences;
import org.sextant.models.decoding.Decoding;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.decoding.SteppedDecoding;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.optimiser.Optimiser;

/** A {@link Network} in a role. */
public final class NetworkModel implements SequenceModel {
    private final Role role;
    private final Network network;
    private final String provider;
    private final Map<String, String> settings;
    private long pass;

    /**
     * @param network owned from now on
     * @param provider that can open it again
     * @param settings what the provider wants to know then
     * @throws ModelFileException if the network lacks the output that the role is read through
     */
    public NetworkModel(Role role, Network network, String provider, Map<String, String> settings) {
        this.role = role;
        this.network = network;
        this.provider = provider;
        this.settings = Map.copyOf(settings);
        try {
            role.head().ifPresent(head -> requireOutput(head, network.shape(), provider));
        } catch (ModelFileException e) {
            network.close();
            throw e;
        }
    }

    private static void requireOutput(Head head, NetworkShape shape, String provider) {
        if (!shape.offers(head)) {
            throw new ModelFileException(missing(head, provider));
        }
    }

    /** What is wrong with a network that has no such output. */
    public static String missing(Head head, String provider) {
        return "the network of " + provider + " has no output '" + head.key()
                + "' beside its logits, and a model that is read through one needs it: give the network an output of"
                + " that name, one number a token";
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public Set<Head> heads() {
        return network.shape().heads();
    }

    @Override
    public int context() {
        return network.shape().context();
    }

    @Override
    public Capabilities capabilities() {
        return network.capabilities();
    }

    @Override
    public double tolerance() {
        return network.tolerance();
    }

    @Override
    public ModelView view() {
        return new ModelView(
                role, network.contentHash(), Optional.empty(), network.shape().heads());
    }

    // ---- what it computes

    @Override
    public Map<Output, double[]> score(Experience batch, Set<Output> wanted, double temperature) {
        pass++;
        Sequences all = sequences(batch);
        Map<Output, double[]> values = new LinkedHashMap<>();
        wanted.forEach(output -> values.put(output, new double[all.layout().size(output.domain())]));
        int to;
        for (int from = 0; from < all.layout().rows(); from = to) {
            to = all.sliceEnd(from, PlannedMemory.SCORED_AT_ONCE);
            Sequences slice = all.slice(from, to);
            Map<Output, double[]> part = outputs(slice, temperature).forward(wanted, network.run(slice));
            requireFinite("", part, slice);
            part.forEach((output, numbers) -> {
                int at = slice.firstToken() + (output.domain() == Domain.STATE ? slice.firstRow() : 0);
                System.arraycopy(numbers, 0, values.get(output), at, numbers.length);
            });
        }
        return values;
    }

    @Override
    public ForwardPass forward(Experience slice, Set<Output> wanted, double temperature) {
        return forward(slice, wanted, temperature, OptionalLong.empty());
    }

    @Override
    public ForwardPass forward(Experience slice, Set<Output> wanted, double temperature, long dropoutSeed) {
        return forward(slice, wanted, temperature, OptionalLong.of(dropoutSeed));
    }

    private ForwardPass forward(Experience slice, Set<Output> wanted, double temperature, OptionalLong dropoutSeed) {
        long number = ++pass;
        Sequences rows = sequences(slice);
        Network.Pass computed = network.train(rows, dropoutSeed);
        NetworkOutputs outputs = outputs(rows, temperature);
        Map<Output, double[]> values = outputs.forward(wanted, computed);
        requireFinite("", values, rows);
        return new ForwardPass(values, gradients -> {
            if (pass != number) {
                throw new IllegalStateException("forward pass " + number
                        + " of this network can no longer go backward: pass " + pass
                        + " has taken its activations over");
            }
            requireFinite("the gradient of ", gradients, rows);
            outputs.backward(gradients, computed);
        });
    }

    private Sequences sequences(Experience batch) {
        return Sequences.of(batch, network.shape().context(), network.shape().vocabulary());
    }

    private NetworkOutputs outputs(Sequences rows, double temperature) {
        return new NetworkOutputs(rows, temperature, network.shape().vocabulary());
    }

    private static void requireFinite(String what, Map<Output, double[]> values, Sequences rows) {
        values.forEach((output, numbers) -> {
            int[] bad = IntStream.range(0, numbers.length)
                    .filter(i -> !Double.isFinite(numbers[i]))
                    .toArray();
            if (bad.length > 0) {
                int[] tokens = output.domain() == Domain.TOKEN ? bad : new int[0];
                throw new NonFiniteException(what + "output " + output.name(), rows.batchRows(tokens));
            }
        });
    }

    // ---- what it is moved by and sampled with

    @Override
    public Optimiser optimiser(OptimiserSettings given, long totalSteps) {
        return network.optimiser(given, totalSteps);
    }

    @Override
    public Decoding decoding(DecodingSettings given) {
        return new SteppedDecoding(network.nextTokens(), given);
    }

    @Override
    public void moveTowards(SequenceModel other, double rate) {
        throw new IllegalArgumentException("the weights of a network of " + provider + " are its own affair, so nothing"
                + " moves them towards others; let the reference stay where it is");
    }

    // ---- what it is

    @Override
    public void save(Path directory) {
        network.save(directory);
        new NetworkFile(provider, network.shape(), settings).write(directory);
    }

    @Override
    public String contentHash() {
        return network.contentHash();
    }

    @Override
    public SortedMap<String, Long> bytesByRole() {
        SortedMap<String, Long> bytes = new TreeMap<>();
        bytes.put(role.key(), network.shape().weightBytes());
        bytes.put(role.key() + "_gradients", network.gradientBytes());
        return bytes;
    }

    @Override
    public void requireFits(Tokenizer tokenizer) {
        if (tokenizer.vocabularySize() > network.shape().vocabulary()) {
            throw new ModelFileException("the tokenizer has " + tokenizer.vocabularySize() + " ids, the network of "
                    + provider + " has " + network.shape().vocabulary()
                    + "; use a network that was made for the tokenizer");
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
