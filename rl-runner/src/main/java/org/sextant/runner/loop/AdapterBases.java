// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sextant.models.files.AdapterBaseFile;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.Sha256;

/** Finds the models that adapters are for. What counts is their content; a directory is only where to look for it. */
public final class AdapterBases {
    private final List<Path> elsewhere;
    private final Map<Path, String> contents = new HashMap<>();

    /** @param elsewhere where models may lie now that are not where their adapters say */
    public AdapterBases(List<Path> elsewhere) {
        this.elsewhere = List.copyOf(elsewhere);
    }

    /**
     * The directory of the model that an adapter is for.
     *
     * @param adapter its directory
     * @throws ModelFileException if no model there or elsewhere has the weights that the adapter was trained on
     */
    Path find(Path adapter) {
        AdapterConfigFile config = AdapterConfigFile.read(adapter);
        Optional<AdapterBaseFile> trainedOn = AdapterBaseFile.read(adapter);
        return trainedOn.isEmpty()
                ? config.requireBase(adapter)
                : find(adapter, Path.of(config.base()), trainedOn.get().weights());
    }

    private Path find(Path adapter, Path recorded, String trainedOn) {
        List<Path> candidates = new ArrayList<>(List.of(recorded));
        elsewhere.stream().filter(path -> !AdapterConfigFile.isIn(path)).forEach(candidates::add);
        StringBuilder found = new StringBuilder();
        for (Path candidate : candidates.stream().distinct().toList()) {
            boolean there = Files.exists(candidate.resolve(ModelConfigFile.NAME));
            if (there && contents(candidate).equals(trainedOn)) {
                return candidate;
            }
            found.append("\n  ").append(candidate).append(": ");
            found.append(there ? "there are weights of SHA-256 " + contents(candidate) : "no model is there");
        }
        throw new ModelFileException("the adapter in " + adapter + " was trained on weights of SHA-256 " + trainedOn
                + ", and they are not where they were looked for:" + found
                + "\nput that model back, or say where it is now: --set model.base=DIR for ./rl train, --base DIR for"
                + " eval, generate and export");
    }

    /** Identity of the weights in a directory, read once. */
    String contents(Path directory) {
        return contents.computeIfAbsent(directory.toAbsolutePath().normalize(), Sha256::ofWeights);
    }
}
