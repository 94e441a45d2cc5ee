// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.network;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.Capabilities;
import org.sextant.models.ModelOptions;
import org.sextant.models.ModelShape;
import org.sextant.models.PlannedMemory;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;

/**
 * The shape of a network.
 *
 * @param description for people, in a few words
 * @param context longest sequence that it is used for, in tokens
 * @param vocabulary number of token ids
 * @param parameterCount numbers in its weights
 * @param bytesPerParameter 4 in single precision
 * @param activationBytesPerToken what a forward pass that goes backward keeps of a token, roughly
 * @param heads outputs that it has besides the vocabulary's
 */
public record NetworkShape(
        String description,
        int context,
        int vocabulary,
        long parameterCount,
        int bytesPerParameter,
        int activationBytesPerToken,
        Set<Head> heads)
        implements ModelShape {
    public NetworkShape {
        heads = Set.copyOf(heads);
    }

    @Override
    public String describe() {
        return description;
    }

    @Override
    public Map<String, String> refused(ModelOptions options) {
        return Capabilities.plain(Capabilities.Carried.NOTHING).refused(options);
    }

    @Override
    public boolean offers(Head head) {
        return heads.contains(head);
    }

    /** Weights of networks are their own affair. */
    @Override
    public boolean averagesWith(ModelShape other) {
        return false;
    }

    /** Bytes of its weights. */
    public long weightBytes() {
        return parameterCount * bytesPerParameter;
    }

    @Override
    public SortedMap<String, Long> bytes(
            ModelOptions options, Set<Head> asked, Role role, int scored, int trained, Kernels kernels) {
        SortedMap<String, Long> bytes = new TreeMap<>();
        bytes.put(role.key(), weightBytes());
        bytes.put(role.key() + "_activations", (long) activationBytesPerToken * Math.max(scored, trained));
        bytes.put(role.key() + "_gradients", trained > 0 ? weightBytes() : 0);
        if (trained > 0) {
            bytes.put(PlannedMemory.optimiser(role), 2 * weightBytes());
        }
        return bytes;
    }

    /** One token of every row, with a state about as large as what is kept of a token. */
    @Override
    public long cacheBytes(ModelOptions options, DecodingSettings settings, Kernels kernels) {
        return 2L * activationBytesPerToken * settings.rows();
    }
}
