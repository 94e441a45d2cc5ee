// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sextant.api.model.Role;
import org.sextant.models.LanguageModel;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.Family;

/** The model beside a case file. */
final class ModelFolder {
    private static final String WEIGHTS = "model.safetensors";

    private ModelFolder() {}

    /** The model with the weights that the case names, or its folder's; fails with {@link NotOffered} for other families. */
    static LanguageModel open(Case given, Engine engine) {
        requireOffered(engine.folder().resolve(ModelConfigFile.NAME));
        String weights = given.has("weights_file") ? given.text("weights_file") : WEIGHTS;
        if (weights.equals(WEIGHTS)) {
            return LanguageModel.load(engine.folder(), engine.kernels(), Role.POLICY);
        }
        WeightFormat format = weights.contains("bf16") ? WeightFormat.BF16 : WeightFormat.FLOAT;
        try {
            return openRenamed(engine, weights, format);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireOffered(Path config) {
        String family;
        try {
            family = new ObjectMapper()
                    .readTree(config.toFile())
                    .path("model_type")
                    .asText("unknown");
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + config + ": " + e.getMessage(), e);
        }
        if (Family.ofModelType(family).isEmpty()) {
            throw new NotOffered("model family " + family);
        }
    }

    /** Models are loaded by the names that they are saved under, so other weights get that name first. */
    private static LanguageModel openRenamed(Engine engine, String weights, WeightFormat format) throws IOException {
        Path renamed = Files.createTempDirectory("conformance");
        try {
            Files.copy(engine.folder().resolve(ModelConfigFile.NAME), renamed.resolve(ModelConfigFile.NAME));
            Files.copy(engine.folder().resolve(weights), renamed.resolve(WEIGHTS));
            return LanguageModel.load(renamed, engine.kernels(), Role.POLICY, format);
        } finally {
            delete(renamed);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
