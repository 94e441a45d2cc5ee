// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sextant.api.output.Head;
import org.sextant.models.files.AdapterBaseFile;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.SavedTensors;
import org.sextant.models.files.TensorReader;
import org.sextant.models.files.TensorRows;
import org.sextant.models.files.TensorWriter;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;

/** An adapter and the heads that belong to it, in a directory of PEFT's layout. */
final class AdapterFiles {
    private static final String WEIGHTS = "adapter_model.safetensors";
    static final String PREFIX = "base_model.model.";

    private AdapterFiles() {}

    static SavedTensors open(Path directory) {
        return SafetensorsFile.open(directory.resolve(WEIGHTS));
    }

    /** What a model has of its own: factors, then heads. */
    private static List<TensorRows> tensors(Transformer model) {
        return tensors(model, model.parameters());
    }

    private static List<TensorRows> tensors(Transformer model, List<Parameter> parameters) {
        List<Parameter> base = model.base();
        Stream<Parameter> own = parameters.stream().filter(p -> !base.contains(p));
        return own.flatMap(p -> TensorRows.of(PREFIX, p, p.value()).stream()).toList();
    }

    /**
     * Checks that a saved adapter is one for a model, before memory is taken for what it says.
     *
     * @throws ModelFileException if it is not
     */
    static void check(Path directory, SavedTensors file, AdapterConfigFile saved, Transformer base) {
        requireHeads(directory, file, saved);
        try {
            Transformer planned = base.plannedSharing(SavedWeights.heads(file, PREFIX), Optional.of(saved.settings()));
            TensorReader.check(file, tensors(planned), Set.of());
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(
                    directory.resolve(AdapterConfigFile.NAME) + ": target_modules: " + e.getMessage(), e);
        }
    }

    /** A head that is listed and not there would be drawn at random by others; one that is not listed would be left out. */
    private static void requireHeads(Path directory, SavedTensors file, AdapterConfigFile saved) {
        SortedSet<String> there = names(SavedWeights.heads(file, PREFIX));
        if (!there.equals(saved.heads())) {
            throw new ModelFileException(
                    directory.resolve(AdapterConfigFile.NAME) + ": modules_to_save lists the heads " + saved.heads()
                            + ", but " + WEIGHTS + " has the heads " + there + "; both must have the same");
        }
    }

    private static SortedSet<String> names(Set<Head> heads) {
        return heads.stream()
                .map(head -> Parameter.nameOf(head).replace(".weight", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Fills a model that may have more heads than the file. */
    static void read(SavedTensors file, LanguageModel model) {
        Transformer transformer = model.transformer();
        List<Parameter> saved =
                SavedWeights.without(SavedWeights.heads(file, PREFIX), transformer.heads(), transformer.parameters());
        TensorReader.read(file, tensors(transformer, saved), Set.of(), model.kernels());
    }

    /** @param base what the adapter needs to be of use */
    static void write(Path directory, LanguageModel model, Origin base) {
        TensorWriter.write(
                directory.resolve(WEIGHTS), tensors(model.transformer()), Map.of("format", "pt"), model.kernels());
        AdapterSettings settings = model.transformer().adapter().orElseThrow();
        new AdapterConfigFile(
                        settings, base.directory(), names(model.transformer().heads()))
                .write(directory, model.config().family());
        base.weights()
                .ifPresent(weights ->
                        new AdapterBaseFile(weights, model.transformer().format()).write(directory));
    }
}
