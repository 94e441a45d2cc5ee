// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.nio.file.Path;
import java.util.Optional;
import org.sextant.models.Capabilities;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.network.NetworkProvider;

/**
 * A provider of Deeplearning4j graphs. One from code extends it: {@code create} reads its settings into a {@link GraphRecipe}, and all else (training, sampling,
 * files, opening again) is here.
 */
public abstract class GraphProvider implements NetworkProvider {
    /** Key of {@link Updating} in what is saved. */
    static final String UPDATER = "updater";

    @Override
    public Capabilities capabilities() {
        return Capabilities.plain(Capabilities.Carried.NOTHING);
    }

    @Override
    public final GraphNetwork open(Path directory, NetworkFile saved, Kernels kernels) {
        Path file = directory.resolve(GraphFile.NAME);
        GraphNetwork network =
                GraphFile.read(file).open(file, saved.shape().context(), updating(file, saved), kernels.threads());
        if (!network.shape().heads().equals(saved.shape().heads())
                || network.shape().vocabulary() != saved.shape().vocabulary()) {
            network.close();
            throw new ModelFileException(file + " is of another network than " + NetworkFile.NAME + " beside it: "
                    + network.shape() + " there, " + saved.shape() + " here");
        }
        return network;
    }

    private static Updating updating(Path file, NetworkFile saved) {
        String name = Optional.ofNullable(saved.settings().get(UPDATER)).orElse("");
        for (Updating updating : Updating.values()) {
            if (updating.key().equals(name)) {
                return updating;
            }
        }
        throw new ModelFileException(file.resolveSibling(NetworkFile.NAME) + ": settings.updater is '" + name
                + "'; supported is ours and own");
    }
}
